//! Uploads and downloads of local sites.

use std::fs;

use ploy::{Kind, Shell};

use super::files::shell;

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn a_local_site_has_both_ends_here() {
    let (shell, site) = shell();
    let here = tempfile::tempdir().unwrap();
    for name in ["a*", "it's", "-x", "a:b"] {
        fs::write(here.path().join(name), name).unwrap();
    }
    let from = format!("{}/", here.path().display());
    let up = shell.upload(&from, "missing/a:b/-c").await.unwrap();
    assert_eq!((up.files, up.bytes), (4, 11));
    assert_eq!(
        fs::read_to_string(site.path().join("missing/a:b/-c/a*")).unwrap(),
        "a*"
    );

    let back = here.path().join("back/again");
    let down = shell
        .download(["missing/a:b/-c/a*", "missing/a:b/-c/-x"], &back)
        .await
        .unwrap();
    assert_eq!((down.files, down.bytes), (2, 4));
    assert_eq!(fs::read_to_string(back.join("-x")).unwrap(), "-x");

    fs::write(site.path().join("missing/extra"), "x").unwrap();
    fs::remove_dir_all(back.parent().unwrap()).unwrap();
    let mirrored = shell.upload(&from, "missing").mirror().await.unwrap();
    assert_eq!(mirrored.files, 4);
    assert!(!site.path().join("missing/extra").exists());
    assert!(!site.path().join("missing/a:b/-c").exists());
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn a_source_is_not_mirrored_to_a_folder_in_which_it_lies() {
    let (shell, site) = shell();
    let source = site.path().join("app/dist");
    fs::create_dir_all(&source).unwrap();
    fs::write(site.path().join("app/precious"), "x").unwrap();
    let from = format!("{}/", source.display());
    let failure = shell.upload(&from, "app").mirror().await.unwrap_err();
    assert_eq!(failure.kind(), Kind::Usage);
    assert_eq!(failure.detail().to_string(), "the source lies in it");
    let failure = shell
        .download("app/dist/", site.path().join("app"))
        .mirror()
        .await
        .unwrap_err();
    assert_eq!(failure.detail().to_string(), "the source lies in it");
    assert!(site.path().join("app/precious").exists());
    // Beside it is no matter.
    shell.upload(&from, "app2").mirror().await.unwrap();
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn however_it_is_written_a_source_is_not_mirrored_to_a_folder_in_which_it_lies() {
    let (shell, site) = shell();
    let app = site.path().join("app");
    let file = app.join("app/deep/file");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "x").unwrap();
    // The contents of a folder without a slash at the end, and a folder that goes to the place in which it lies.
    for (source, destination) in [
        ("app/app/.", "app"),
        ("app/app/deep/..", "app"),
        ("app/app", "."),
    ] {
        let from = site.path().join(source);
        for transfer in [
            shell.upload(&from, destination),
            shell.download(source, site.path().join(destination)),
        ] {
            let failure = transfer.mirror().await.unwrap_err();
            assert_eq!(failure.kind(), Kind::Usage, "{source}: {failure:?}");
            assert_eq!(failure.detail().to_string(), "the source lies in it");
            assert_eq!(fs::read_to_string(&file).unwrap(), "x", "{source}");
        }
    }
    // Onto itself, and beside others.
    shell.upload(app.join("app"), "app").mirror().await.unwrap();
    shell
        .upload(app.join("app/."), "app2")
        .mirror()
        .await
        .unwrap();
    assert!(site.path().join("app2/deep/file").exists());
    assert_eq!(fs::read_to_string(&file).unwrap(), "x");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let shell = Shell::local();
    let nothing: [&str; 0] = [];
    for transfer in [
        shell.upload(nothing, "x"),
        shell.upload("", "x"),
        shell.upload("x", ""),
        shell.upload("x", "a\0b"),
        shell.download(["x", ""], "y"),
        shell.download("x", ""),
    ] {
        let failure = transfer.await.unwrap_err();
        assert_eq!(failure.kind(), Kind::Usage, "{failure:?}");
        assert!(
            failure.to_string().starts_with("refused to "),
            "{failure:?}"
        );
    }
}
