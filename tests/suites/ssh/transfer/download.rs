//! Downloads.

use std::fs;

use ploy::Shell;
use ploy::error::Kind;
use ploy::topology::Settings;
use ploy_tests::Server;

use super::{assert_awkward_files, awkward_files, shell};

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn a_tree_with_awkward_names_goes_there_and_back() {
    let server = Server::start();
    let here = tempfile::tempdir().unwrap();
    awkward_files(&here.path().join("from"));
    let shell = shell(&server);
    for (number, name) in ["plain", "it's [a] \"folder\" *", "-x\ny", "a:b\\c?"]
        .iter()
        .enumerate()
    {
        let there = server.path("tmp").join(name);
        let there = there.to_str().unwrap();
        let from = here.path().join("from/");
        let up = shell.upload(from, format!("{there}/")).await.unwrap();
        assert_eq!(up.files, 20, "{name}");
        let back = here.path().join(format!("back {number}/missing/-{name}"));
        let down = shell.download(format!("{there}/"), &back).await.unwrap();
        assert_eq!((down.files, down.bytes), (up.files, up.bytes), "{name}");
        assert_awkward_files(&back);
        // A second time there is nothing to move.
        assert_eq!(
            shell
                .download(format!("{there}/"), &back)
                .await
                .unwrap()
                .files,
            0
        );
    }
    drop(shell);
    assert_eq!(server.logins(), 1);
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn a_star_is_no_pattern() {
    let server = Server::start();
    let there = server.path("tmp");
    for name in ["a*", "ab", "[x]", "x"] {
        fs::write(there.join(name), name).unwrap();
    }
    let here = tempfile::tempdir().unwrap();
    let shell = Shell::with("web1", server.site("web1").path(there.to_str().unwrap()));
    let moved = shell.download(["a*", "[x]"], here.path()).await.unwrap();
    assert_eq!(moved.files, 2);
    let mut names: Vec<_> = fs::read_dir(here.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["[x]", "a*"]);
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn sources_hang_on_the_sites_path_or_the_login_directory() {
    let server = Server::start();
    let base = server.path("tmp").join("base");
    fs::create_dir_all(base.join("logs")).unwrap();
    fs::write(base.join("logs/one"), "1").unwrap();
    fs::write(base.join("two"), "2").unwrap();
    fs::write(server.path("home").join("three"), "3").unwrap();
    let here = tempfile::tempdir().unwrap();
    let settings = server.site("web1").path(base.to_str().unwrap());
    let shell = Shell::with("web1", settings);

    let with = here.path().join("not/there/with");
    shell.download("logs/", &with).await.unwrap();
    assert_eq!(fs::read_to_string(with.join("one")).unwrap(), "1");

    let without = here.path().join("without");
    let moved = shell
        .download(["logs", "two", "~/three"], &without)
        .await
        .unwrap();
    assert_eq!((moved.files, moved.bytes), (3, 3));
    for (file, content) in [("logs/one", "1"), ("two", "2"), ("three", "3")] {
        assert_eq!(fs::read_to_string(without.join(file)).unwrap(), content);
    }

    let renamed = here.path().join("renamed");
    shell.download("two", &renamed).await.unwrap();
    assert_eq!(fs::read_to_string(renamed).unwrap(), "2");
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn a_missing_source_is_told_by_the_name_that_it_was_given() {
    let server = Server::start();
    fs::write(server.path("tmp").join("there"), "x").unwrap();
    let here = tempfile::tempdir().unwrap();
    let settings = Settings::new().path(server.path("tmp").to_str().unwrap());
    let mut site = server.site("web1");
    site.path = settings.path;
    let shell = Shell::with("web1", site);
    for missing in ["missing", "missing/"] {
        let failure = shell
            .download(["there", missing], here.path())
            .await
            .unwrap_err();
        assert_eq!(failure.kind(), Kind::Transfer);
        assert_eq!(
            failure.hint(),
            Some(format!("there is no `{missing}` on web1").as_str()),
            "{failure:?}"
        );
        // What is there has been moved nonetheless.
        assert!(here.path().join("there").exists());
    }
}
