//! Arguments of rsync that change how it tells, starts or moves.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use ploy::Shell;
use ploy::error::Kind;
use ploy::topology::Settings;
use ploy_tests::{Server, ServerOptions, User, only};

use super::shell;

/// Both kinds of sites: on a host, and on this machine.
fn shells(server: &Server) -> [Shell; 2] {
    [shell(server), Shell::with("here", Settings::new())]
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn a_dry_run_changes_nothing() {
    let server = Server::start();
    let here = tempfile::tempdir().unwrap();
    fs::write(here.path().join("file"), "12345").unwrap();
    let there = server.path("tmp").join("there");
    fs::create_dir(&there).unwrap();
    fs::write(there.join("extra"), "x").unwrap();
    let from = format!("{}/", here.path().display());
    for shell in shells(&server) {
        for dry in [&["--dry-run"][..], &["-vn"]] {
            let to = server.path("tmp").join("new/a/b");
            let up = shell.upload(&from, to.to_str().unwrap());
            let moved = up.args(dry.iter().copied()).await.unwrap();
            assert_eq!((moved.files, moved.bytes), (1, 5));
            let down = shell.download(&from, &to).args(dry.iter().copied());
            assert_eq!(down.await.unwrap().files, 1);
            assert!(!server.path("tmp").join("new").exists(), "{dry:?}");
            let mirror = shell.upload(&from, there.to_str().unwrap()).mirror();
            assert_eq!(mirror.args(dry.iter().copied()).await.unwrap().deleted, 1);
            assert!(there.join("extra").exists());
        }
    }
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn what_would_do_harm_is_refused() {
    let server = Server::start();
    let here = tempfile::tempdir().unwrap();
    let from = format!("{}/", here.path().display());
    for shell in shells(&server) {
        for arguments in [
            &["--"][..],
            &["--exclude=a\0b"],
            &["-q"],
            &["-avq"],
            &["--quiet"],
        ] {
            let upload = shell
                .upload(&from, "/tmp/never")
                .args(arguments.iter().copied());
            let failure = upload.await.unwrap_err();
            assert_eq!(failure.kind(), Kind::Usage, "{arguments:?}: {failure:?}");
        }
        for arguments in ["--delete", "--del", "--delete-excluded"] {
            for to in ["/", "~", "."] {
                let failure = shell.upload(&from, to).args([arguments]).await.unwrap_err();
                assert_eq!(failure.kind(), Kind::Usage, "{arguments} {to}: {failure:?}");
            }
        }
        let failure = shell.upload(&from, "/tmp/never").exclude("a\0b").await;
        assert_eq!(failure.unwrap_err().kind(), Kind::Usage);
    }
    assert_eq!(server.logins(), 0);
    assert!(!Path::new("/tmp/never").exists());
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn a_host_may_be_called_rsync() {
    let server = Server::start();
    let config = fs::read_to_string(server.config()).unwrap();
    fs::write(
        server.config(),
        config.replace("Host web1\n", "Host rsync\n"),
    )
    .unwrap();
    let there = server.path("tmp").join("there").display().to_string();
    let here = tempfile::tempdir().unwrap();
    fs::write(here.path().join("file"), "x").unwrap();
    let shell = Shell::with("web1", server.site("rsync"));
    let to = format!("//{there}/");
    shell.upload(here.path().join("file"), &to).await.unwrap();
    let moved = shell.download(format!("{to}file"), here.path().join("back"));
    assert_eq!(moved.await.unwrap().files, 1);
}

/// Lets a user run anything as root, until it is dropped.
struct Sudoer(PathBuf);

impl Sudoer {
    fn new(user: &User) -> Self {
        let path = Path::new("/etc/sudoers.d").join(user.name());
        fs::write(&path, format!("{} ALL=(ALL) NOPASSWD: ALL\n", user.name())).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o440)).unwrap();
        Sudoer(path)
    }
}

impl Drop for Sudoer {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn sudo_goes_where_the_login_user_may_not() {
    let here = tempfile::tempdir().unwrap();
    fs::write(here.path().join("file"), "x").unwrap();
    let from = format!("{}/", here.path().display());
    // What only root may look into.
    let secret = tempfile::tempdir().unwrap();
    fs::set_permissions(secret.path(), fs::Permissions::from_mode(0o700)).unwrap();
    fs::create_dir(secret.path().join("www")).unwrap();
    for login in ["bash", "fish", "tcsh"] {
        let user = User::with_shell(login);
        let server = Server::with(&ServerOptions {
            user: Some(user.clone()),
            ..ServerOptions::default()
        });
        let shell = shell(&server);
        let to = secret.path().join("www").join(login);
        let up = || shell.upload(&from, to.to_str().unwrap());
        let failure = up().args(["--rsync-path=sudo rsync"]).await.unwrap_err();
        assert_eq!(failure.kind(), Kind::Password, "{failure:?}");
        assert!(failure.hint().unwrap().contains("Passwords"), "{failure:?}");
        // One that nobody hears.
        let start = "--rsync-path=sudo -n rsync";
        let failure = up().args([start]).await.unwrap_err();
        let cause = failure.detail().to_string();
        assert!(cause.starts_with("sudo: "), "{failure:?}");
        assert!(failure.hint().unwrap().contains("NOPASSWD"), "{failure:?}");
        assert_eq!(failure.kind(), Kind::Transfer);

        let _sudoer = Sudoer::new(&user);
        let failure = up().await.unwrap_err();
        let cause = failure.detail().to_string();
        assert!(
            cause.starts_with("permission denied: mkdir: "),
            "{failure:?}"
        );
        for arguments in [
            &["--rsync-path=sudo rsync"][..],
            &["--checksum", "--rsync-path", "sudo rsync"],
        ] {
            let moved = up().mirror().args(arguments.iter().copied()).await.unwrap();
            assert_eq!(moved.files, 1, "{login}");
            assert!(to.join("file").exists());
            fs::remove_dir_all(&to).unwrap();
        }
        // What the login user may make is made.
        let to = user.home().join("new/folder/www");
        let up = shell.upload(&from, to.to_str().unwrap());
        up.args(["--rsync-path=sudo rsync"]).await.unwrap();
        assert!(to.join("file").exists());
    }
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn another_program_that_is_missing_is_told_by_its_name() {
    let here = tempfile::tempdir().unwrap();
    let from = format!("{}/", here.path().display());
    for login in ["dash", "bash", "fish", "tcsh"] {
        let server = Server::with(&ServerOptions {
            user: Some(User::with_shell(login)),
            ..ServerOptions::default()
        });
        let to = server.path("tmp").join("a/b").display().to_string();
        for transfer in [
            shell(&server).upload(&from, to),
            shell(&server).download("x", here.path()),
        ] {
            let transfer = transfer.args(["--rsync-path=nosudo rsync"]);
            let failure = transfer.await.unwrap_err();
            assert!(
                failure
                    .detail()
                    .to_string()
                    .starts_with("there is no `nosudo` on web1 ("),
                "{login}: {failure:?}"
            );
            assert_eq!(
                failure.hint(),
                Some("install `nosudo` on web1, or change `--rsync-path`")
            );
        }
    }
    let programs = only(&["sh", "rsync", "mkfifo", "rm", "sleep", "cat"]);
    let server = Server::with(&ServerOptions {
        env: vec![("PATH".to_owned(), programs.path().display().to_string())],
        ..ServerOptions::default()
    });
    let to = server.path("tmp").join("a/b").display().to_string();
    let failure = shell(&server).upload(&from, to).await.unwrap_err();
    assert_eq!(
        failure.hint(),
        Some("install `mkdir` on web1"),
        "{failure:?}"
    );
}
