//! The first run on a machine that has no rsync, no ssh and no sudo.

use std::fs;
use std::path::Path;

use ploy_tests::{Finished, Program, only};

/// What the website's own commands name, and what ploy needs to run any command.
const PROGRAMS: [&str; 15] = [
    "sh", "cat", "rm", "sleep", "mkfifo", "ln", "ls", "mkdir", "readlink", "sort", "tail", "xargs",
    "tar", "gzip", "id",
];

#[test]
fn the_website_is_uploaded_with_what_any_machine_has() {
    let programs = only(&PROGRAMS);
    for missing in ["rsync", "ssh", "sudo"] {
        assert!(!programs.path().join(missing).exists());
    }
    let folder = tempfile::tempdir().unwrap();
    let website = |arguments: &[&str]| -> Finished {
        Program::new("website", arguments)
            .env("PATH", programs.path())
            .env("WEBSITE_FOLDER", folder.path())
            .run()
            .exited(0)
    };
    let uploaded = website(&["upload-web"]);
    assert!(
        uploaded
            .err()
            .contains("done: 3 tasks succeeded on 3 sites"),
        "{}",
        uploaded.err()
    );
    let source = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .join("examples/website/site");
    for site in ["web1", "web2", "web3"] {
        let next = folder.path().join(site).join("next");
        for file in ["index.html", "css/site.css"] {
            let copy = next.join(file);
            assert_eq!(
                fs::read(&copy).unwrap(),
                fs::read(source.join(file)).unwrap()
            );
            let times = [copy, source.join(file)].map(|path| {
                let found = fs::metadata(path).unwrap();
                (found.modified().unwrap(), found.permissions())
            });
            assert_eq!(times[0], times[1], "{file}");
        }
        let names = fs::read_dir(&next).unwrap().count();
        assert_eq!(names, fs::read_dir(&source).unwrap().count());
    }
    website(&["upgrade-web", "smoke"]);
    website(&["release"]);
}
