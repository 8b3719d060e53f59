//! What a mirror spares, whatever it is told.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use ploy::Shell;
use ploy::error::Kind;
use ploy_tests::{Server, ServerOptions, User};

use super::shell;

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn the_login_directory_is_spared_however_it_is_written_by_any_login_shell() {
    let here = tempfile::tempdir().unwrap();
    fs::write(here.path().join("new"), "x").unwrap();
    let from = format!("{}/", here.path().display());
    for login in ["dash", "bash", "fish", "tcsh"] {
        let user = User::with_shell(login);
        user.write("precious", "x");
        user.write("it's www!/old", "x");
        let home = user.home().to_str().unwrap().to_owned();
        symlink(&home, user.home().join("it's a link\\!")).unwrap();
        let server = Server::with(&ServerOptions {
            user: Some(user.clone()),
            ..ServerOptions::default()
        });
        let shell = shell(&server);
        for to in [
            home.clone(),
            format!("{home}/"),
            format!("{home}/it's www!/.."),
            format!("{home}/other/.."),
            "it's a link\\!/it's www!/..".to_owned(),
            "it's a link\\!".to_owned(),
            "~/it's a link\\!/".to_owned(),
        ] {
            let failure = shell.upload(&from, &to).mirror().await;
            let failure = failure.expect_err(&format!("{login}: {to}"));
            assert_eq!(failure.kind(), Kind::Usage, "{login}: {to}: {failure:?}");
            assert_eq!(
                failure.detail().to_string(),
                format!("the login directory is in {home}"),
                "{login}: {to}"
            );
            assert!(failure.hint().unwrap().contains("a folder of its own"));
            assert!(failure.to_string().starts_with("refused to upload "));
        }
        assert!(user.home().join("precious").exists(), "{login}");
        assert!(!user.home().join("new").exists(), "{login}");

        for (to, deleted) in [
            (format!("{home}/it's www!"), 1),
            ("~/it's www!".to_owned(), 0),
            ("made/here!/it's".to_owned(), 0),
        ] {
            let moved = shell.upload(&from, &to).mirror().await.unwrap();
            assert_eq!(moved.deleted, deleted, "{login}: {to}");
        }
        assert!(!user.home().join("it's www!/old").exists(), "{login}");
        assert!(user.home().join("made/here!/it's/new").exists(), "{login}");
    }
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn what_is_above_the_login_directory_is_spared() {
    let server = Server::start();
    let here = tempfile::tempdir().unwrap();
    // Of the name of the login directory.
    let source = here.path().join("home");
    fs::create_dir(&source).unwrap();
    fs::write(source.join("new"), "x").unwrap();
    fs::write(server.path("home").join("precious"), "x").unwrap();
    let above = server.path("home/..").display().to_string();
    symlink(server.path(""), server.path("tmp").join("link")).unwrap();
    let link = server.path("tmp").join("link").display().to_string();
    let (folder, contents) = (
        source.display().to_string(),
        format!("{}/", source.display()),
    );
    let shell = shell(&server);
    for (from, to) in [
        (&contents, &above),
        (&contents, &link),
        (&folder, &above),
        (&folder, &link),
    ] {
        let mirrors = [
            shell.upload(from, to).mirror(),
            shell.upload(from, to).args(["--delete-delay"]),
            // One command of its own does not go on where it is refused.
            shell
                .upload(from, to)
                .mirror()
                .args(["--rsync-path=true; rsync"]),
        ];
        for mirror in mirrors {
            let failure = mirror.await.unwrap_err();
            assert_eq!(failure.kind(), Kind::Usage, "{from} {to}: {failure:?}");
        }
        assert!(server.path("home/precious").exists(), "{from} {to}");
    }
    // Beside it is no matter, and without a mirror nothing is.
    let moved = shell.upload(&source, format!("{above}/tmp/x")).mirror();
    assert_eq!(moved.await.unwrap().files, 1);
    assert_eq!(shell.upload(&folder, &above).await.unwrap().files, 1);
    assert!(server.path("home/precious").exists());
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn what_is_above_the_sites_path_is_spared() {
    let server = Server::start();
    let base = server.path("tmp").join("srv/www");
    fs::create_dir_all(&base).unwrap();
    fs::write(base.join("precious"), "x").unwrap();
    let here = tempfile::tempdir().unwrap();
    let from = format!("{}/", here.path().display());
    let shell = Shell::with("web1", server.site("web1").path(base.to_str().unwrap()));
    for to in ["..", &server.path("tmp").join("srv").display().to_string()] {
        let failure = shell.upload(&from, to).mirror().await.unwrap_err();
        assert_eq!(failure.kind(), Kind::Usage);
        assert_eq!(failure.detail().to_string(), "the site's path is in it");
    }
    // By way of a link only the host knows.
    symlink(server.path("tmp").join("srv"), base.join("link")).unwrap();
    let failure = shell.upload(&from, "link").mirror().await.unwrap_err();
    assert_eq!(failure.kind(), Kind::Usage);
    let cause = failure.detail().to_string();
    assert!(cause.starts_with("the site's path is in /"), "{failure:?}");
    assert!(base.join("precious").exists());
    assert_eq!(shell.upload(&from, ".").mirror().await.unwrap().deleted, 2);
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn what_cannot_be_read_deletes_nothing() {
    let user = User::with_shell("bash");
    for name in [
        "file/aa/x",
        "file/zz/secret",
        "folder/aa/x",
        "folder/zz/secret/x",
    ] {
        user.write(name, "x");
    }
    for name in ["file/zz/secret", "folder/zz/secret"] {
        fs::set_permissions(user.home().join(name), fs::Permissions::from_mode(0o000)).unwrap();
    }
    let server = Server::with(&ServerOptions {
        user: Some(user),
        ..ServerOptions::default()
    });
    let here = tempfile::tempdir().unwrap();
    for name in ["file", "folder"] {
        let to = here.path().join(name);
        for extra in ["aa/extra", "zz/extra", "extra"] {
            let extra = to.join(extra);
            fs::create_dir_all(extra.parent().unwrap()).unwrap();
            fs::write(extra, "x").unwrap();
        }
        let failure = shell(&server)
            .download(format!("{name}/"), &to)
            .mirror()
            .await
            .unwrap_err();
        assert_eq!(failure.kind(), Kind::Transfer, "{failure:?}");
        assert!(
            failure
                .detail()
                .to_string()
                .starts_with("permission denied: "),
            "{failure:?}"
        );
        for there in ["aa/x", "aa/extra", "zz/extra", "extra"] {
            assert!(to.join(there).exists(), "{name}: {there}");
        }
    }
    // Who says when it is to delete has it so.
    let to = here.path().join("file");
    let during = shell(&server).download("file/", &to).mirror();
    during.args(["--delete-during"]).await.unwrap_err();
    assert!(!to.join("extra").exists());
}
