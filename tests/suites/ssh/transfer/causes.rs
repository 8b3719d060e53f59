//! Causes that rsync and others give, each by what really causes it.

use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use ploy::Script;
use ploy::error::Failure;
use ploy_tests::{Server, ServerOptions, User};

use super::{shell, with_program};

fn cause(failure: &Failure) -> String {
    failure.detail().to_string()
}

/// A file system in memory, of 1 MiB.
struct Small(PathBuf);

impl Small {
    fn mount(path: &Path) -> Self {
        fs::create_dir(path).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"])
            .arg(path)
            .status()
            .unwrap();
        assert!(
            mounted.success(),
            "the tests mount a tmpfs, which needs root"
        );
        Small(path.to_owned())
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn a_full_disk_is_told() {
    let server = Server::start();
    let full = server.path("tmp").join("full");
    let _small = Small::mount(&full);
    let here = tempfile::tempdir().unwrap();
    let large: Vec<u8> = (0..2 << 20_u32)
        .map(|at: u32| (at.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    fs::write(here.path().join("large"), large).unwrap();
    let from = here.path().join("large");
    let shell = shell(&server);
    for failure in [
        shell
            .upload(&from, full.to_str().unwrap())
            .await
            .unwrap_err(),
        shell
            .download(from.to_str().unwrap(), &full)
            .await
            .unwrap_err(),
    ] {
        assert!(
            cause(&failure).starts_with("no space is left: rsync: "),
            "{failure:?}"
        );
    }
    let file = full.join("file").display().to_string();
    let failure = shell.write(file, vec![b'x'; 2 << 20]).await.unwrap_err();
    assert!(cause(&failure).contains("No space left"), "{failure:?}");
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn what_the_login_user_may_not_is_told() {
    let user = User::with_shell("bash");
    let server = Server::with(&ServerOptions {
        user: Some(user.clone()),
        ..ServerOptions::default()
    });
    let here = tempfile::tempdir().unwrap();
    fs::write(here.path().join("file"), "x").unwrap();
    let from = here.path().join("file");
    let folder = server.path("closed");
    fs::create_dir(&folder).unwrap();
    let to = |below: &str| folder.join(below).display().to_string();
    let shell = shell(&server);
    let failure = shell.upload(&from, to("file")).await.unwrap_err();
    assert!(
        cause(&failure).starts_with("permission denied: rsync: "),
        "{failure:?}"
    );
    let failure = shell.upload(&from, to("a/b/")).await.unwrap_err();
    assert!(
        cause(&failure).starts_with("permission denied: mkdir: "),
        "{failure:?}"
    );
    fs::write(folder.join("file"), "x").unwrap();
    let failure = shell.upload(&from, to("file/b/c")).await.unwrap_err();
    assert!(cause(&failure).contains("mkdir: "), "{failure:?}");
    let failure = shell.upload(&from, to("file/")).await.unwrap_err();
    assert!(
        cause(&failure).starts_with("mkdir: ") && cause(&failure).contains("File exists"),
        "{failure:?}"
    );
    fs::set_permissions(folder.join("file"), fs::Permissions::from_mode(0o000)).unwrap();
    let failure = shell.download(to("file"), here.path().join("back"));
    let failure = failure.await.unwrap_err();
    assert!(
        cause(&failure).starts_with("permission denied: "),
        "{failure:?}"
    );
    assert_eq!(failure.hint(), None);
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn the_source_that_is_missing_is_named_and_no_other() {
    let server = Server::start();
    let here = tempfile::tempdir().unwrap();
    let at = |name: &str| here.path().join(name);
    symlink("nowhere", at("dangling")).unwrap();
    let shell = shell(&server);
    let to = server.path("tmp").join("there/");
    let sources = [at("dangling"), at("missing")];
    let failure = shell
        .upload(sources, to.to_str().unwrap())
        .await
        .unwrap_err();
    let missing = at("missing").display().to_string();
    assert_eq!(
        failure.hint(),
        Some(&*format!("there is no `{missing}` here"))
    );
    assert!(to.join("dangling").is_symlink());

    fs::create_dir(at("sub")).unwrap();
    for name in ["log", "sub/there"] {
        fs::write(at(name), "x").unwrap();
    }
    for missing in ["sub/log", "x*y", "[x]?", "x\\y", "none/log"] {
        let shown = at(missing).display().to_string();
        let sources = [at("log"), at("sub/there"), at(missing)];
        let failure = shell.download(sources, &to).await.unwrap_err();
        let hint = format!("there is no `{shown}` on web1");
        assert_eq!(failure.hint(), Some(&*hint), "{failure:?}");
    }
    // A name may sound like anything.
    let odd = at("rsync: not found").display().to_string();
    let failure = shell.download(&odd, &to).await.unwrap_err();
    let hint = format!("there is no `{odd}` on web1");
    assert_eq!(failure.hint(), Some(&*hint), "{failure:?}");
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn what_a_start_file_complains_of_is_no_cause() {
    let (server, _programs) = with_program(
        "rsync",
        "echo 'bash: line 3: nvm: command not found' >&2; echo 'sudo: unable to resolve host' >&2; \
         exec /usr/bin/rsync \"$@\"",
    );
    let here = tempfile::tempdir().unwrap();
    let failure = shell(&server)
        .download("none", here.path())
        .await
        .unwrap_err();
    assert_eq!(
        failure.hint(),
        Some("there is no `none` on web1"),
        "{failure:?}"
    );
    // What ends it before it has begun is one.
    let (server, _programs) = with_program("rsync", "echo 'This account has expired.' >&2; exit 1");
    let failure = shell(&server)
        .download("none", here.path())
        .await
        .unwrap_err();
    assert!(
        cause(&failure).starts_with("This account has expired. ("),
        "{failure:?}"
    );
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn a_connection_of_rsyncs_own_that_fails_is_told() {
    let server = Server::with(&ServerOptions {
        max_sessions: Some(1),
        ..ServerOptions::default()
    });
    let here = tempfile::tempdir().unwrap();
    let shell = shell(&server);
    let from = format!("{}/", here.path().display());
    let to = server.path("tmp").join("there").display().to_string();
    // It has the only session.
    let busy = tokio::spawn({
        let shell = shell.clone();
        async move { shell.run(Script::raw("tail -f /dev/null")).await }
    });
    while server.mark().running("tail").is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    server.refuse_logins();
    let failure = shell.upload(&from, &to).await.unwrap_err();
    assert!(
        cause(&failure).contains("Permission denied (publickey)"),
        "{failure:?}"
    );
    assert!(
        failure
            .hint()
            .is_some_and(|hint| hint.ends_with("see `max_sessions`")),
        "{failure:?}"
    );
    busy.abort();
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn no_forwarding_of_the_users_configuration_is_opened() {
    let server = Server::start();
    let port = {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.local_addr().unwrap().port()
    };
    let marker = server.path("ran");
    let more = format!(
        "Host *\n  LocalForward 127.0.0.1:{port} 127.0.0.1:{}\n  PermitLocalCommand yes\n  LocalCommand touch {}\n",
        server.port(),
        marker.display()
    );
    let config = fs::read_to_string(server.config()).unwrap();
    fs::write(server.config(), config + &more).unwrap();
    let here = tempfile::tempdir().unwrap();
    fs::write(here.path().join("file"), "x").unwrap();
    let shell = shell(&server);
    let to = server.path("tmp").join("file").display().to_string();
    let moved = shell.upload(here.path().join("file"), to).await.unwrap();
    assert_eq!(moved.files, 1);
    // The connection is still there.
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    assert!(!marker.exists());
    shell.run(Script::raw("true")).await.unwrap();
    assert_eq!(server.logins(), 1);
}
