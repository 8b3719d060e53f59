//! Single files, written and read.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::time::Duration;

use ploy::action::Action;
use ploy::catalogue::Catalogue;
use ploy::error::Kind;
use ploy::event::CancelReason;
use ploy::run::Runner;
use ploy::{Cx, Shell};
use ploy_tests::{Server, ServerOptions, start};
use rustix::process::getuid;

use super::super::three;
use super::{shell, with_program};

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap();
    names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn any_bytes_go_there_and_back() {
    let server = Server::start();
    let shell = Shell::with(
        "web1",
        server
            .site("web1")
            .path(server.path("tmp").to_str().unwrap()),
    );
    let all: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    for (name, content) in [
        ("new/folder/it's a \"file\" *", all.as_slice()),
        ("-rf", b"no line break at the end"),
        ("a\nb", b""),
        ("$HOME `id`", b"file\nfolder\n"),
    ] {
        let written = shell.write(name, content).await.unwrap();
        assert!(written.changed, "{name}");
        assert_eq!(
            fs::read(server.path("tmp").join(name)).unwrap(),
            content,
            "{name}"
        );
        assert_eq!(shell.read(name).await.unwrap(), content, "{name}");
        assert!(!shell.write(name, content).await.unwrap().changed, "{name}");
    }
    shell.write("~/in home", "x").await.unwrap();
    assert_eq!(fs::read(server.path("home").join("in home")).unwrap(), b"x");
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn a_large_file_arrives_whole() {
    let server = Server::start();
    let file = server.path("tmp").join("large");
    let content: Vec<u8> = (0..64 << 20_u32)
        .map(|at: u32| (at.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    shell(&server)
        .write(file.to_str().unwrap(), content.clone())
        .await
        .unwrap();
    assert!(fs::read(&file).unwrap() == content);
    let path = file.to_str().unwrap();
    let failure = shell(&server).read(path).await.unwrap_err();
    assert!(
        format!("{failure:?}").contains("it has more than 16777216 bytes"),
        "{failure:?}"
    );
    assert!(shell(&server).read(path).limit(64 << 20).await.unwrap() == content);
    assert!(
        shell(&server)
            .read(path)
            .limit((64 << 20) - 1)
            .await
            .is_err()
    );
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn mode_and_owner_are_set_and_kept() {
    let server = Server::start();
    let file = server.path("tmp").join("file");
    let path = file.to_str().unwrap();
    let shell = shell(&server);
    let state = || {
        let of = fs::metadata(&file).unwrap();
        (of.mode() & 0o7777, of.uid(), of.gid())
    };
    shell.write(path, "1").mode(0o640).await.unwrap();
    assert_eq!(state().0, 0o640);
    // Kept by the next one.
    shell.write(path, "2").await.unwrap();
    assert_eq!(
        (state().0, fs::read_to_string(&file).unwrap().as_str()),
        (0o640, "2")
    );
    // The same content with another mode is a change.
    assert!(shell.write(path, "2").mode(0o600).await.unwrap().changed);
    assert!(!shell.write(path, "2").mode(0o600).await.unwrap().changed);
    assert_eq!(state().0, 0o600);
    let failure = shell.write(path, "3").mode(0o100_644).await.unwrap_err();
    assert_eq!(failure.kind(), Kind::Usage);
    let failure = shell
        .write(path, "3")
        .owner("no-such-user")
        .await
        .unwrap_err();
    assert!(
        format!("{failure:?}").contains("its owner cannot be set"),
        "{failure:?}"
    );
    assert_eq!(
        (
            fs::read_to_string(&file).unwrap().as_str(),
            names(&server.path("tmp"))
        ),
        ("2", vec!["file".to_owned()])
    );
    if getuid().is_root() {
        assert!(shell.write(path, "2").owner("1:2").await.unwrap().changed);
        assert_eq!(state(), (0o600, 1, 2));
        shell.write(path, "4").await.unwrap();
        assert_eq!(state(), (0o600, 1, 2));
        assert!(
            !shell
                .write(path, "4")
                .owner("1:2")
                .mode(0o600)
                .await
                .unwrap()
                .changed
        );
    }
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn a_file_that_did_not_arrive_whole_is_not_put_into_place() {
    let (server, _programs) = with_program("cat", "exec head -c 1000");
    let file = server.path("tmp").join("file");
    fs::write(&file, "old").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o604)).unwrap();
    let failure = shell(&server)
        .write(file.to_str().unwrap(), vec![b'x'; 100_000])
        .await
        .unwrap_err();
    assert_eq!(failure.kind(), Kind::Transfer);
    assert!(
        format!("{failure:?}").contains("only a part of the content arrived"),
        "{failure:?}"
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), "old");
    assert_eq!(names(&server.path("tmp")), ["file"]);
}

/// A server on which a file that is written stays half written.
fn stuck() -> (Server, tempfile::TempDir) {
    with_program("cat", "head -c 1000; exec sleep 1140")
}

fn half_written(server: &Server) -> bool {
    names(&server.path("tmp"))
        .iter()
        .any(|name| name.starts_with(".ploy-"))
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn what_ends_a_write_leaves_the_old_file_and_no_other() {
    for cut in [false, true] {
        let (server, _programs) = stuck();
        let file = server.path("tmp").join("file");
        fs::write(&file, "old").unwrap();
        let path = file.to_str().unwrap().to_owned();
        let action = Action::new(move |cx: Cx| {
            let path = path.clone();
            async move { cx.shell().write(path, vec![b'x'; 100_000]).await.map(drop) }
        });
        let mut catalogue = Catalogue::new();
        catalogue.add("job", ["web1"], [action]);
        let runner = Runner::new(three(&server), catalogue);
        let going = start(runner, |batch| async move {
            batch.run("job").await.into_result()
        });
        ploy_tests::until("it is half written", || half_written(&server));
        // Until it is complete nobody else may read it.
        let temporary = names(&server.path("tmp"))
            .into_iter()
            .find(|name| name.starts_with(".ploy-"))
            .unwrap();
        let mode = fs::metadata(server.path("tmp").join(temporary))
            .unwrap()
            .mode();
        assert_eq!(mode & 0o7777, 0o600);
        if cut {
            server.cut();
        } else {
            going.cancel(CancelReason::Interrupt);
        }
        let ran = going.finish();
        if cut {
            assert_eq!(ran.fault("web1").kind, Kind::Unreachable);
        }
        ploy_tests::until("the temporary file is gone", || !half_written(&server));
        assert_eq!(fs::read_to_string(&file).unwrap(), "old");
        assert_eq!(names(&server.path("tmp")), ["file"]);
    }
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn a_write_whose_time_is_up_leaves_nothing() {
    let (server, _programs) = stuck();
    let file = server.path("tmp").join("file");
    let failure = shell(&server)
        .write(file.to_str().unwrap(), "x")
        .timeout(Duration::from_millis(500))
        .await
        .unwrap_err();
    assert_eq!(failure.kind(), Kind::Timeout, "{failure:?}");
    ploy_tests::until("the temporary file is gone", || {
        names(&server.path("tmp")).is_empty()
    });
}

/// What a host has at least, in another make than the usual one.
const APPLETS: [&str; 16] = [
    "sh", "cat", "stat", "cmp", "head", "wc", "chmod", "chown", "chgrp", "mv", "readlink", "mkdir",
    "mkfifo", "sleep", "rm", "ls",
];

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn busybox_and_bash_will_do() {
    for (shell_name, applets) in [("busybox", APPLETS.as_slice()), ("bash", &["sh"])] {
        let programs = tempfile::tempdir().unwrap();
        let paths = ["/usr/bin", "/bin"].map(|path| Path::new(path).join(shell_name));
        let program = paths.iter().find(|path| path.exists()).unwrap();
        for applet in applets {
            symlink(program, programs.path().join(applet)).unwrap();
        }
        let path = match shell_name {
            "busybox" => programs.path().display().to_string(),
            _ => format!("{}:/usr/bin:/bin", programs.path().display()),
        };
        let server = Server::with(&ServerOptions {
            env: vec![("PATH".to_owned(), path)],
            ..ServerOptions::default()
        });
        let shell = shell(&server);
        let file = server.path("tmp").join("it's a/link");
        fs::create_dir(file.parent().unwrap()).unwrap();
        symlink("the file", &file).unwrap();
        let target = file.with_file_name("the file");
        fs::write(&target, "old").unwrap();
        fs::set_permissions(&target, fs::Permissions::from_mode(0o620)).unwrap();
        let path = file.to_str().unwrap();
        assert!(
            shell.write(path, "new\0").await.unwrap().changed,
            "{shell_name}"
        );
        assert!(
            !shell.write(path, "new\0").await.unwrap().changed,
            "{shell_name}"
        );
        assert_eq!(fs::read(&target).unwrap(), b"new\0");
        assert_eq!(fs::metadata(&target).unwrap().mode() & 0o7777, 0o620);
        assert!(file.is_symlink());
        assert_eq!(shell.read(path).await.unwrap(), b"new\0");
        assert!(
            shell
                .write(path, "new\0")
                .mode(0o4755)
                .await
                .unwrap()
                .changed
        );
        assert!(shell.write(path, "newer").await.unwrap().changed);
        assert_eq!(fs::metadata(&target).unwrap().mode() & 0o7777, 0o4755);
        let new = file.with_file_name("new/file");
        assert!(
            shell
                .write(new.to_str().unwrap(), "")
                .await
                .unwrap()
                .changed
        );
        assert_eq!(fs::metadata(&new).unwrap().mode() & 0o7777, 0o644);
        let missing = server.path("tmp").join("missing").display().to_string();
        let failure = shell.read(missing).await.unwrap_err();
        assert_eq!(failure.detail().to_string(), "there is no such file");
    }
}
