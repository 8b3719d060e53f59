//! Services that are started and left alone.

use ploy::error::Kind;
use ploy::shell::Detached;
use ploy::{Script, Shell};
use ploy_tests::{Mark, until};
use rustix::process::{Pid, Signal, kill_process_group, test_kill_process};

/// A service that says when it is there, and what it was given.
pub(crate) const SERVICE: &str = "echo \"$A in $(pwd)\"; echo err >&2; sleep 1143; echo over";

/// Ends a service, by the only thing that is known of it.
pub(crate) fn end(service: &Detached) {
    let pid = Pid::from_raw(i32::try_from(service.pid()).unwrap()).unwrap();
    assert!(test_kill_process(pid).is_ok(), "{service} is gone");
    kill_process_group(pid, Signal::KILL).unwrap();
    until("the service has ended", || test_kill_process(pid).is_err());
}

/// It starts where and as it is told, and its output goes to its log.
pub(crate) async fn it_is_as_it_was_told(shell: &Shell) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().canonicalize().unwrap();
    let log = path.join("its log");
    std::fs::write(&log, "before\n").unwrap();
    let mark = Mark::new();
    let (name, value) = mark.variable();
    let service = shell
        .detach(Script::raw(SERVICE))
        .cwd(path.to_str().unwrap())
        .env("A", "it's")
        .env(name, value)
        .log_to("its log")
        .await
        .unwrap();
    let expected = format!("before\nit's in {}\nerr\n", path.display());
    until("the service has written", || {
        std::fs::read_to_string(&log).unwrap() == expected
    });
    // A child bears its shell's command line until it has become `sleep`.
    let shells = || mark.running("sleep 1143; echo over");
    until("only the service's shell is left", || shells().len() == 1);
    assert_eq!(
        shells()[0].pid.as_raw_nonzero().get(),
        i32::try_from(service.pid()).unwrap()
    );
    end(&service);
    mark.wait_until_gone(|_| false);
}

/// What cannot be started is told at once.
pub(crate) async fn what_cannot_start_is_told(shell: &Shell) {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    let missing = missing.to_str().unwrap();
    let mark = Mark::new();
    let (name, value) = mark.variable();
    let detach = |script: &str| shell.detach(Script::raw(script)).env(name, value);

    let failure = detach("sleep 1144").cwd(missing).await.unwrap_err();
    let text = failure.to_string();
    assert!(
        text.starts_with(&format!("cannot enter `{missing}` on ")),
        "{text}"
    );

    let failure = detach("if then").await.unwrap_err();
    assert_eq!(failure.kind(), Kind::Command);
    assert!(
        failure
            .to_string()
            .starts_with("cannot start `if then` on ")
    );
    assert!(failure.detail().to_string().contains("yntax error"));
    assert!(
        failure
            .detail()
            .at()
            .unwrap()
            .file()
            .ends_with("service.rs")
    );

    let log = format!("{missing}/log");
    let failure = detach("sleep 1144").log_to(&log).await.unwrap_err();
    let cause = failure.detail().to_string();
    assert!(cause.contains(&log), "{cause}");

    // Where there is a shell, and nothing else.
    let poor = folder.path().to_str().unwrap();
    std::os::unix::fs::symlink("/bin/sh", folder.path().join("sh")).unwrap();
    let failure = detach("sleep 1144").env("PATH", poor).await.unwrap_err();
    assert!(failure.hint().unwrap().contains("install `setsid`"));
    mark.wait_until_gone(|_| false);
}
