//! Transfers that delete.

use std::fs;

use ploy::Shell;
use ploy::error::Kind;
use ploy_tests::Server;

use super::shell;

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn a_mirror_deletes_what_is_not_in_the_source() {
    let server = Server::start();
    let here = tempfile::tempdir().unwrap();
    let (from, there) = (here.path().join("from"), server.path("tmp").join("there"));
    fs::create_dir_all(from.join("sub")).unwrap();
    fs::write(from.join("sub/kept"), "x").unwrap();
    for extra in ["extra", "sub/extra", "keep.log"] {
        let file = there.join(extra);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, "x").unwrap();
    }
    let (from, to) = (format!("{}/", from.display()), there.to_str().unwrap());
    let shell = shell(&server);

    let moved = shell.upload(&from, to).await.unwrap();
    assert_eq!((moved.files, moved.deleted), (1, 0));
    assert!(there.join("extra").exists());

    let moved = shell
        .upload(&from, to)
        .mirror()
        .exclude("*.log")
        .await
        .unwrap();
    assert_eq!((moved.files, moved.deleted), (0, 2));
    assert!(!there.join("extra").exists() && !there.join("sub/extra").exists());
    assert!(there.join("keep.log").exists() && there.join("sub/kept").exists());

    let back = here.path().join("back");
    fs::create_dir(&back).unwrap();
    fs::write(back.join("extra"), "x").unwrap();
    let moved = shell
        .download(format!("{to}/"), &back)
        .mirror()
        .await
        .unwrap();
    assert_eq!((moved.files, moved.deleted), (2, 1));
    assert!(back.join("sub/kept").exists() && !back.join("extra").exists());
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn a_mirror_of_several_folders_keeps_what_is_in_any() {
    let server = Server::start();
    let here = tempfile::tempdir().unwrap();
    let there = server.path("tmp").join("there");
    fs::create_dir(&there).unwrap();
    fs::write(there.join("extra"), "x").unwrap();
    for name in ["a", "b"] {
        fs::create_dir(here.path().join(name)).unwrap();
        fs::write(here.path().join(name).join(name), name).unwrap();
    }
    let sources = ["a", "b"].map(|name| format!("{}/{name}/", here.path().display()));
    let to = there.to_str().unwrap();
    let moved = shell(&server).upload(sources, to).mirror().await.unwrap();
    assert_eq!((moved.files, moved.deleted), (2, 1));
    assert!(there.join("a").exists() && there.join("b").exists());

    // Without a slash it is the folder of that name that is mirrored, and nothing beside it.
    let source = here.path().join("a").display().to_string();
    let moved = shell(&server)
        .upload(source, to)
        .mirror()
        .args(["--force"])
        .await
        .unwrap();
    assert_eq!(moved.deleted, 0);
    assert!(there.join("b").exists());
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn dear_mistakes_are_refused_before_anything_is_connected() {
    let server = Server::start();
    let here = tempfile::tempdir().unwrap();
    let from = format!("{}/", here.path().display());
    let bare = shell(&server);
    for to in ["", "/", "//", "/srv/..", "~", "~/", ".", "./", "..", "x/.."] {
        let failure = bare.upload(&from, to).mirror().await.unwrap_err();
        assert_eq!(failure.kind(), Kind::Usage, "{to}: {failure:?}");
        assert!(failure.hint().is_some(), "{to}");
    }
    let based = Shell::with("web1", server.site("web1").path("/srv/www"));
    for to in ["", "../..", "~", "/"] {
        let failure = based.upload(&from, to).mirror().await.unwrap_err();
        assert_eq!(failure.kind(), Kind::Usage, "{to}: {failure:?}");
    }
    for to in ["", "/", ".", "..", "/tmp/.."] {
        let failure = bare.download("x/", to).mirror().await.unwrap_err();
        assert_eq!(failure.kind(), Kind::Usage, "{to}: {failure:?}");
    }
    assert_eq!(server.logins(), 0);
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn a_source_that_is_missing_deletes_nothing() {
    let server = Server::start();
    let here = tempfile::tempdir().unwrap();
    let there = server.path("tmp").join("there");
    for folder in [here.path(), &there] {
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join("precious"), "x").unwrap();
    }
    let shell = shell(&server);
    for missing in ["/no/such/folder/", "/no/such/folder"] {
        let up = shell.upload(missing, there.to_str().unwrap()).mirror();
        assert_eq!(up.await.unwrap_err().kind(), Kind::Transfer);
        let down = shell.download(missing, here.path()).mirror();
        assert_eq!(down.await.unwrap_err().kind(), Kind::Transfer);
    }
    assert!(here.path().join("precious").exists());
    assert!(there.join("precious").exists());
}
