//! The snippets of the guide do what it says: the jobs of the examples that exist for it are run.

use std::os::unix::fs::PermissionsExt as _;
use std::{fs, process};

use ploy_tests::Program;

/// Runs jobs of `ploy/examples/guide`, and returns what they print.
fn guide(words: &[&str]) -> String {
    let finished = Program::new("guide", words).run().exited(0);
    finished.out() + &finished.err()
}

#[test]
fn jobs_of_the_guide_run() {
    assert!(guide(&["sort"]).contains("web1 > the sum is 6\n"));
    assert!(guide(&["check-disk", "look"]).contains("6 tasks succeeded"));
    assert!(guide(&["migrate"]).contains("> 3 migrated\n"));
    assert!(guide(&["note", "--tag", "v1"]).contains("web3 > v1 goes to staging\n"));
    let noted = guide(&["note-production", "--tag", "v1"]);
    assert!(noted.contains("web2 > v1 goes to production\n"), "{noted}");
}

#[test]
fn a_secret_of_the_guide_is_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let (file, token) = (folder.path().join("token"), "a-token-of-the-test");
    fs::write(&file, token).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let used = guide(&["use-token", "--token-file", file.to_str().unwrap()]);
    let length = format!("web1 > the token has {} bytes\n", token.len());
    assert!(used.contains(&length), "{used}");
    assert!(!used.contains(token), "{used}");
}

#[test]
fn files_and_schedules_of_the_guide_run() {
    let configured = guide(&["configure-or-roll-back"]);
    assert!(configured.contains("echo reload"), "{configured}");
    assert!(configured.contains("3 tasks succeeded"), "{configured}");
}

#[test]
fn the_program_without_macros_runs() {
    let output = process::Command::new(Program::path("embedded"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains("RunEnded"), "{printed}");
}
