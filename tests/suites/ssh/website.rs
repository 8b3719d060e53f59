//! The website example, over ssh.

use std::fs;
use std::path::Path;

use ploy_tests::{Finished, Program, Server};

fn website(server: &Server, folder: &Path, arguments: &[&str]) -> Finished {
    Program::new("website", arguments)
        .env("WEBSITE_HOST", "web1")
        .env("WEBSITE_SSH_CONFIG", server.config())
        .env("WEBSITE_FOLDER", folder.as_os_str())
        .run()
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn it_uploads_switches_and_checks() {
    let server = Server::start();
    let folder = server.path("www");
    let uploaded = website(&server, &folder, &["upload-web"]).exited(0);
    assert!(
        uploaded
            .err()
            .contains("done: 3 tasks succeeded on 3 sites"),
        "{}",
        uploaded.err()
    );
    let original = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .join("examples/website/site/index.html");
    let page = fs::read(original).unwrap();
    for site in ["web1", "web2", "web3"] {
        assert_eq!(
            fs::read(folder.join(site).join("next/index.html")).unwrap(),
            page
        );
        assert!(!folder.join(site).join("current").exists());
    }
    // All three are on one host.
    assert_eq!(server.logins(), 1, "{}", server.log());

    let upgraded = website(&server, &folder, &["upgrade-web", "smoke"]).exited(0);
    assert!(
        upgraded
            .err()
            .contains("done: 6 tasks succeeded on 3 sites"),
        "{}",
        upgraded.err()
    );
    for site in ["web1", "web2", "web3"] {
        assert_eq!(
            fs::read(folder.join(site).join("current/index.html")).unwrap(),
            page
        );
    }

    // Now something is running, so it is backed up: on the primary site alone.
    let released = website(&server, &folder, &["release"]).exited(0);
    let backups =
        |site: &str| fs::read_dir(folder.join(site).join("backups")).map_or(0, Iterator::count);
    assert_eq!(
        (backups("web1"), backups("web2"), backups("web3")),
        (1, 0, 0)
    );
    for finished in [uploaded, upgraded, released] {
        finished.assert_clean();
    }
    server.assert_empty();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn old_releases_are_removed_as_each_site_says() {
    let server = Server::start();
    let folder = server.path("www");
    for _ in 0..6 {
        website(&server, &folder, &["upload-web", "upgrade-web"])
            .exited(0)
            .assert_clean();
    }
    let releases = |site: &str| {
        fs::read_dir(folder.join(site).join("releases"))
            .unwrap()
            .count()
    };
    assert_eq!(
        (releases("web1"), releases("web2"), releases("web3")),
        (3, 3, 5)
    );
    let _ = website(&server, &folder, &["smoke"]).exited(0);
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn it_runs_where_it_is_told_to() {
    let server = Server::start();
    let folder = server.path("www");
    website(&server, &folder, &["upload-web", "--roles", "web2"])
        .exited(0)
        .assert_clean();
    assert!(folder.join("web2/next/index.html").exists());
    assert!(!folder.join("web1").exists() && !folder.join("web3").exists());
}
