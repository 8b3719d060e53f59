//! Uploads and downloads of local sites.

use std::fs;
use std::os::unix::fs::symlink;

use ploy::Shell;
use ploy::error::Kind;

use super::files::shell;

#[tokio::test]
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
async fn however_it_is_written_a_source_is_not_mirrored_to_a_folder_in_which_it_lies() {
    let (shell, site) = shell();
    let app = site.path().join("app");
    let file = app.join("app/deep/file");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "x").unwrap();
    // The contents of a folder without a slash at the end, and a folder that goes to the place in
    // which it lies.
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
async fn links_do_not_lead_a_mirror_past_what_is_refused() {
    let (shell, site) = shell();
    let at = |name: &str| site.path().join(name);
    fs::create_dir_all(at("app/dist")).unwrap();
    fs::write(at("app/dist/file"), "x").unwrap();
    fs::write(at("app/precious"), "x").unwrap();
    symlink(at("app"), at("link")).unwrap();
    symlink(std::env::current_dir().unwrap(), at("current")).unwrap();
    symlink(std::env::var_os("HOME").unwrap(), at("home")).unwrap();
    for (source, destination, why) in [
        ("app/dist/", "link", "the source lies in it"),
        ("link/dist/", "app", "the source lies in it"),
        ("app/dist/", "current", "the current directory is in it"),
        ("app/dist/", "home", "the home directory is in it"),
        ("app/", "link/dist", "it lies in the source"),
    ] {
        for transfer in [
            shell.upload(at(source), destination),
            shell.download(source, at(destination)),
        ] {
            let failure = transfer.mirror().await.unwrap_err();
            assert_eq!(failure.kind(), Kind::Usage);
            assert_eq!(failure.detail().to_string(), why, "{source} {destination}");
        }
    }
    assert!(at("app/precious").exists() && at("app/dist/file").exists());
}

#[tokio::test]
async fn no_source_is_lost_to_another() {
    let (shell, site) = shell();
    let at = |name: &str| site.path().join(name);
    for file in ["a/new", "d/x/b/file"] {
        fs::create_dir_all(at(file).parent().unwrap()).unwrap();
        fs::write(at(file), "x").unwrap();
    }
    let sources = || [at("a/"), at("d/x/b")];
    let failure = shell.upload(sources(), "d").mirror().await.unwrap_err();
    assert_eq!(failure.kind(), Kind::Usage);
    assert!(at("d/x/b/file").exists());
    // One that goes onto itself stays.
    let moved = shell.upload([at("a/"), at("d/x")], "d").mirror().await;
    assert_eq!(moved.unwrap().files, 1);
    assert!(at("d/x/b/file").exists() && at("d/new").exists());
}

#[tokio::test]
async fn a_folder_is_not_mirrored_into_itself_unless_something_is_excluded() {
    let (shell, site) = shell();
    let at = |name: &str| site.path().join(name);
    fs::create_dir_all(at("app/backup/old")).unwrap();
    fs::write(at("app/file"), "x").unwrap();
    let upload = || shell.upload(at("app/"), "app/backup").mirror();
    let failure = upload().await.unwrap_err();
    assert_eq!(failure.detail().to_string(), "it lies in the source");
    assert!(at("app/backup/old").exists());
    upload().exclude("/backup").await.unwrap();
    assert!(at("app/backup/file").exists() && !at("app/backup/old").exists());
}

#[tokio::test]
async fn what_is_above_a_local_site_or_this_machines_homes_is_not_mirrored_to() {
    let (shell, site) = shell();
    let here = tempfile::tempdir().unwrap();
    let from = format!("{}/", here.path().display());
    fs::write(site.path().join("precious"), "x").unwrap();
    let current = std::env::current_dir().unwrap();
    let home = std::path::PathBuf::from(std::env::var_os("HOME").unwrap());
    for to in [
        site.path().join(".."),
        current.clone(),
        current.join(".."),
        home.clone(),
        home.join("x/.."),
    ] {
        let upload = shell.upload(&from, to.to_str().unwrap()).mirror();
        let failure = upload.await.unwrap_err();
        assert_eq!(failure.kind(), Kind::Usage, "{}", to.display());
    }
    // Folders of the same names, which go to the same places.
    for place in [&current, &home] {
        let source = here.path().join(place.file_name().unwrap());
        fs::create_dir(&source).unwrap();
        let above = place.parent().unwrap();
        for transfer in [
            shell.upload(&source, above.to_str().unwrap()),
            shell.download(source.to_str().unwrap(), above),
        ] {
            let transfer = transfer.mirror().args(["--dry-run"]);
            let failure = transfer.await.unwrap_err();
            assert_eq!(failure.kind(), Kind::Usage, "{}", place.display());
        }
    }
    assert!(site.path().join("precious").exists());
    let bare = Shell::local();
    let failure = bare.upload(&from, ".").mirror().await.unwrap_err();
    assert_eq!(failure.detail().to_string(), "it is the current directory");
    let failure = bare.upload(&from, "").await.unwrap_err();
    assert_eq!(failure.hint(), Some("write `.` for the current directory"));
}

#[tokio::test]
#[ignore = "writes into the home directory: tests/run runs it"]
async fn the_home_directory_is_what_the_tilde_means() {
    let (shell, site) = shell();
    let name = format!("ploy-test-{}", std::process::id());
    let home = std::path::PathBuf::from(std::env::var_os("HOME").unwrap());
    let here = tempfile::tempdir().unwrap();
    fs::write(here.path().join(&name), "x").unwrap();
    let up = shell.upload(here.path().join(&name), "~").await;
    let there = home.join(&name);
    let arrived = there.is_file();
    let down = shell
        .download("~", site.path().join("back"))
        .args([format!("--include=/{name}"), "--exclude=*".to_owned()])
        .await;
    let _ = fs::remove_file(there);
    assert!(arrived && up.unwrap().files == 1);
    assert_eq!(down.unwrap().files, 1);
    assert!(site.path().join("back").join(&name).is_file());
    assert!(!site.path().join("~").exists());
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
