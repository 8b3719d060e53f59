//! `check` on sites of this machine.

use std::fs;
use std::path::Path;

use ploy_tests::{Finished, Program};

fn website(folder: &Path, arguments: &[&str]) -> Finished {
    let finished = Program::new("website", [&["check"], arguments].concat())
        .env("WEBSITE_FOLDER", folder.as_os_str())
        .run();
    finished.assert_clean();
    finished
}

/// The cells of a site's row.
fn row(finished: &Finished, site: &str) -> Vec<String> {
    let out = finished.out();
    let line = out
        .lines()
        .find(|line| line.split("  ").next() == Some(site));
    let cells = line.unwrap_or_else(|| panic!("no row of {site}:\n{out}"));
    let cells = cells.split("  ").map(str::trim);
    cells
        .filter(|cell| !cell.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn sites_that_are_ready_are_all_told_and_none_is_changed() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("web1")).unwrap();
    let finished = website(folder.path(), &[]).exited(0);
    assert_eq!(
        row(&finished, "site")[1..],
        [
            "connection",
            "user",
            "sudo",
            "rsync",
            "path",
            "free",
            "clock"
        ]
    );
    let web1 = row(&finished, "web1");
    assert_eq!(
        (web1[1].as_str(), web1[5].as_str(), web1[7].as_str()),
        ("local", "ready", "right")
    );
    assert_eq!(row(&finished, "web2")[5], "to make");
    assert!(
        finished.out().contains("\n3 sites ready"),
        "{}",
        finished.out()
    );
    assert_eq!(finished.err(), "");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn all_that_is_wrong_is_told_once_with_a_hint() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("web1"), "").unwrap();
    fs::create_dir(folder.path().join("web3")).unwrap();
    let finished = website(folder.path(), &[]).exited(6);
    let out = finished.out();
    let path = folder.path().join("web1");
    assert!(
        out.contains(&format!(
            "\nerror: web1: its path `{}` is no folder\n  hint: ",
            path.display()
        )),
        "{out}"
    );
    assert_eq!(row(&finished, "web1")[5], "no folder");
    assert!(out.contains("\n2 of 3 sites ready, 1 not ready"), "{out}");
    // What is not chosen is not looked at.
    let some = website(folder.path(), &["-x", "web1"]).exited(0);
    assert!(some.out().contains("\n2 sites ready"), "{}", some.out());
}

#[test]
fn the_sites_of_jobs_are_looked_at_alone() {
    let of = |arguments: &[&str]| Program::new("probe", [&["check"], arguments].concat()).run();
    let one = of(&["local-sleep", "--fanout", "2", "--timeout", "20s"]).exited(0);
    assert!(one.out().contains("\n1 site ready"), "{}", one.out());
    let three = of(&["sleep", "local-sleep"]).exited(0);
    assert!(three.out().contains("\n3 sites ready"), "{}", three.out());
    let none = of(&["local-sleep", "-l", "web2"]).exited(2);
    assert!(
        none.err().contains("no site runs local-sleep"),
        "{}",
        none.err()
    );
    let typo = of(&["local-slep"]).exited(2);
    assert!(
        typo.err().contains("did you mean `local-sleep`?"),
        "{}",
        typo.err()
    );
}

#[test]
fn what_has_nothing_to_say_there_is_refused() {
    for option in ["--once", "--keep-going", "--dry-run"] {
        let finished = Program::new("website", ["check", option]).run().exited(2);
        let expected = format!("`{option}` means nothing to the command `check`");
        assert!(finished.err().contains(&expected), "{}", finished.err());
    }
    let finished = Program::new("website", ["check", "-l", "wbe1"])
        .run()
        .exited(2);
    assert!(
        finished.err().contains("did you mean"),
        "{}",
        finished.err()
    );
}
