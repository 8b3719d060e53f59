//! Files that another user reads and writes.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use ploy::Shell;
use ploy::error::Kind;
use ploy::secret::Passwords;
use ploy::topology::Settings;
use ploy::transfer::Transfer;

use super::{Sudo, right};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A folder that only root may enter, below the home; and a folder here with a file in it.
fn folders(sudo: &Sudo) -> (PathBuf, tempfile::TempDir) {
    let closed = sudo.user.home().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    let here = tempfile::tempdir().unwrap();
    fs::write(here.path().join("file"), "new").unwrap();
    (closed, here)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn rsync_runs_as_root_on_the_far_side() {
    let sudo = Sudo::all();
    let (closed, here) = folders(&sudo);
    let source = format!("{}/", here.path().display());
    let shell = sudo.shell();
    let root =
        Shell::with("web1", sudo.server.site("web1").run_as("root")).with_passwords(&right());
    let to = closed.join("deep/er");
    let there = to.join("file");
    assert_eq!(
        shell.upload(&*source, "closed/x").await.unwrap_err().kind(),
        Kind::Transfer
    );
    let uploads: [&dyn Fn() -> Transfer; 4] = [
        &|| shell.upload(&*source, text(&to)).run_as("root"),
        &|| root.upload(&*source, "closed/deep/er").mirror(),
        &|| {
            shell
                .upload(&*source, text(&to))
                .args(["--rsync-path=sudo rsync"])
        },
        &|| {
            shell
                .upload(&*source, text(&to))
                .args(["--rsync-path", "sudo -u root rsync"])
        },
    ];
    for upload in uploads {
        let _ = fs::remove_file(&there);
        let moved = upload().await.unwrap();
        assert_eq!(moved.files, 1);
        assert_eq!(fs::metadata(&there).unwrap().uid(), 0);
    }
    // Not the home of the login user, and not what is above.
    for place in [sudo.user.home(), sudo.user.home().parent().unwrap()] {
        let failure = root
            .upload(&*source, text(place))
            .mirror()
            .await
            .unwrap_err();
        assert_eq!(failure.kind(), Kind::Usage, "{failure:?}");
    }
    let back = tempfile::tempdir().unwrap();
    let moved = root
        .download(["closed/deep/er/"], back.path())
        .await
        .unwrap();
    assert_eq!(moved.files, 1);
    assert_eq!(fs::read_to_string(back.path().join("file")).unwrap(), "new");
    drop((shell, root));
    sudo.assert_empty();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn files_are_read_and_written_as_root() {
    let sudo = Sudo::all();
    let (closed, _here) = folders(&sudo);
    let root = Shell::with(
        "web1",
        sudo.server.site("web1").run_as("root").path("~/closed"),
    )
    .with_passwords(&right());
    let written = root
        .write(closed.join("conf").to_str().unwrap(), "one\ntwo")
        .await
        .unwrap();
    assert!(written.changed);
    let found = fs::metadata(closed.join("conf")).unwrap();
    assert_eq!(found.uid(), 0);
    assert_eq!(
        root.read(closed.join("conf").to_str().unwrap())
            .await
            .unwrap(),
        b"one\ntwo"
    );
    drop(root);
    sudo.assert_empty();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn without_a_password_nothing_is_moved() {
    let sudo = Sudo::all();
    let (closed, here) = folders(&sudo);
    let shell = sudo.shell_with("web1", &Passwords::new());
    for transfer in [
        shell.upload(here.path(), text(&closed)).run_as("root"),
        shell
            .download([text(&closed)], here.path().join("back"))
            .run_as("root"),
    ] {
        let failure = transfer.await.unwrap_err();
        assert_eq!(failure.kind(), Kind::Password, "{failure:?}");
    }
    let failure = shell
        .upload(here.path(), text(&closed))
        .run_as("-x")
        .await
        .unwrap_err();
    assert_eq!(failure.kind(), Kind::Usage, "{failure:?}");
    drop(shell);
    sudo.assert_empty();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn a_local_site_has_another_user_too() {
    let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for folder in [&from, &to] {
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    }
    fs::write(from.path().join("it's a file"), "new").unwrap();
    let shell = Shell::with("here", Settings::new().run_as("nobody"));
    let output = shell
        .run(ploy::Script::raw("id -un; cat"))
        .stdin("in")
        .await
        .unwrap();
    assert_eq!(output.text(), "nobody\nin");
    let moved = shell
        .upload(
            from.path().join("it's a file"),
            text(&to.path().join("deep/")),
        )
        .await
        .unwrap();
    assert_eq!(moved.files, 1);
    let nobody = fs::metadata(to.path().join("deep/it's a file"))
        .unwrap()
        .uid();
    assert_ne!(nobody, 0);
    let path = to.path().join("written");
    shell.write(path.to_str().unwrap(), "text").await.unwrap();
    assert_eq!(fs::metadata(path).unwrap().uid(), nobody);
}
