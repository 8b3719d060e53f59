//! Why transfers fail.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use ploy::error::Kind;
use ploy_tests::{Program, Server, ServerOptions, only};

use super::{shell, with_program};

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn an_rsync_that_is_missing_there_is_told() {
    let programs = only(&["sh", "mkdir", "mkfifo", "rm", "sleep", "cat"]);
    let path = programs.path().display().to_string();
    let server = Server::with(&ServerOptions {
        env: vec![("PATH".to_owned(), path)],
        ..ServerOptions::default()
    });
    let here = tempfile::tempdir().unwrap();
    let from = format!("{}/", here.path().display());
    let there = server.path("tmp").display().to_string();
    let shell = shell(&server);
    for transfer in [
        shell.upload(from, format!("{there}/x/y")),
        shell.download(there, here.path()),
    ] {
        let failure = transfer.await.unwrap_err();
        assert_eq!(failure.kind(), Kind::Transfer, "{failure:?}");
        assert!(
            format!("{failure:?}").contains("there is no rsync on web1"),
            "{failure:?}"
        );
        assert!(
            failure
                .hint()
                .unwrap()
                .starts_with("install rsync on web1 (")
        );
    }
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn an_rsync_that_is_missing_here_is_told() {
    let server = Server::start();
    let programs = only(&["sh", "ssh", "mkdir", "mkfifo", "rm", "sleep", "cat"]);
    let finished = Program::new("probe", ["upload"])
        .env("PATH", programs.path().as_os_str())
        .env("PROBE_CONFIG", server.config())
        .env("PROBE_SOURCE", server.path("home").as_os_str())
        .env("PROBE_TARGET", "/no/where")
        .run()
        .exited(1);
    let told = finished.err();
    assert!(told.contains("there is no rsync on this machine"), "{told}");
    assert!(told.contains("install rsync on this machine"), "{told}");
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn a_login_shell_that_prints_something_is_told() {
    // What a start file prints comes before all that rsync says, just so.
    let (server, _programs) = with_program(
        "rsync",
        "echo 'Welcome to this host'; exec /usr/bin/rsync \"$@\"",
    );
    let here = tempfile::tempdir().unwrap();
    let failure = shell(&server)
        .download("/etc/hostname", here.path())
        .await
        .unwrap_err();
    assert_eq!(failure.kind(), Kind::Transfer);
    assert!(
        format!("{failure:?}").contains("what the login shell on web1 prints is in rsync's way"),
        "{failure:?}"
    );
    assert!(failure.hint().unwrap().contains("~/.bashrc"));
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn a_file_where_a_folder_is_to_be_is_told_in_words() {
    let server = Server::start();
    let here = tempfile::tempdir().unwrap();
    fs::write(here.path().join("file"), "x").unwrap();
    let from = here.path().join("file");
    let shell = shell(&server);
    // In the way of a folder here.
    let failure = shell
        .download("/etc/hostname", from.join("below/x"))
        .await
        .unwrap_err();
    assert_eq!(failure.kind(), Kind::Transfer);
    assert!(
        format!("{failure:?}").contains("cannot make the folder"),
        "{failure:?}"
    );
    // An argument that rsync does not know.
    let failure = shell
        .upload(&from, "/tmp/never")
        .args(["--no-such-option"])
        .await
        .unwrap_err();
    assert!(
        format!("{failure:?}").contains("--no-such-option: unknown option"),
        "{failure:?}"
    );
    assert!(
        format!("{failure:?}").contains("rsync exited with status 1"),
        "{failure:?}"
    );
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn an_old_rsync_here_does_without_progress() {
    let server = Server::start();
    let old = tempfile::tempdir().unwrap();
    let program = old.path().join("rsync");
    let script = "#!/bin/sh
for argument do
  case $argument in
    --info=*|--outbuf=*|--no-human-readable) echo \"rsync: $argument: unknown option\" >&2; exit 1 ;;
  esac
done
exec /usr/bin/rsync \"$@\"
";
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let source = tempfile::tempdir().unwrap();
    fs::write(source.path().join("file"), "x").unwrap();
    let target = server.path("tmp").join("target");
    let path = format!("{}:/usr/bin:/bin", old.path().display());
    let finished = Program::new("probe", ["upload", "--no-keep"])
        .env("PATH", path)
        .env("PROBE_CONFIG", server.config())
        .env("PROBE_SOURCE", format!("{}/", source.path().display()))
        .env("PROBE_TARGET", target.as_os_str())
        .run()
        .exited(0);
    assert_eq!(fs::read_to_string(target.join("file")).unwrap(), "x");
    assert!(
        !finished.err().contains("unknown option"),
        "{}",
        finished.err()
    );
    // Nor are its figures taken for output.
    assert_eq!(finished.out(), "");
    finished.assert_clean();
}
