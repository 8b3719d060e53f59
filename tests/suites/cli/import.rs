//! Sites that are made at run time, in a real program whose setup reads a file.

use ploy_tests::{Finished, Program};

fn deploy(arguments: &[&str], sites: &str) -> Finished {
    let program = Program::new("deploy", arguments);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sites.toml");
    std::fs::write(&file, sites).unwrap();
    let finished = program
        .env("FLEET_SITES", &file)
        .env("FLEET_FOLDER", folder.path())
        .run();
    finished.assert_clean();
    finished
}

#[test]
fn sites_of_a_file_fill_declared_roles() {
    let sites = r#"
        ["extra[1-2]"]
        roles = ["canary"]
        path = "/tmp/{name}"
    "#;
    let shown = deploy(&["sites", "--limit", "extra*"], sites)
        .exited(0)
        .out();
    let rows: Vec<&str> = shown.lines().collect();
    assert_eq!(
        rows,
        [
            "extra1  canary  local path=/tmp/extra1",
            "extra2  canary  local path=/tmp/extra2"
        ]
    );
}

#[test]
fn nothing_runs_if_the_file_is_wrong() {
    for (sites, cause) in [
        (
            "[web9]\nroles = [\"cnary\"]",
            "site `web9` wants the role `cnary`, which nobody declared",
        ),
        (
            "[web9]\nhots = \"x\"",
            "site `web9` has a setting `hots`, which does not exist",
        ),
        ("[web1]\n", "site `web1` is there already"),
        ("[web9\n", "line 1, column"),
        ("[web9]\nhost = \"-oProxyCommand=x\"", "begins with `-`"),
    ] {
        let finished = deploy(&["disk-space"], sites).exited(2);
        let text = finished.err();
        assert!(
            text.starts_with("error: the setup failed, so nothing was run"),
            "{text}"
        );
        assert!(text.contains(cause), "{cause}:\n{text}");
        assert!(!text.contains(" $ "), "something was run:\n{text}");
    }
}

#[test]
fn a_file_that_is_not_there_is_told() {
    let finished = Program::new("deploy", ["sites"])
        .env("FLEET_SITES", "/nowhere/sites.toml")
        .run();
    let text = finished.exited(2).err();
    assert!(text.contains("/nowhere/sites.toml"), "{text}");
}
