//! What stands for options besides the command line: the environment, and a project's `ploy.toml`.

use ploy_tests::{Finished, Program};
use tempfile::TempDir;

/// Runs it in a folder of a project with this file.
fn within(file: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Finished {
    let project = TempDir::new().unwrap();
    std::fs::write(project.path().join("ploy.toml"), file).unwrap();
    let folder = project.path().join("some/where");
    std::fs::create_dir_all(&folder).unwrap();
    let program = Program::new("params", arguments).env("NO_COLOR", "1");
    let program = program.within(&folder);
    variables
        .iter()
        .fold(program, |program, (name, value)| program.env(name, *value))
        .run()
}

const FILE: &str = r#"
exclude = "web2"
keep-going = true
max-fail = "10%"
retries = 1

[set.upload-web]
keep = 11
targets = ["staging", "live"]
"#;

#[test]
fn the_project_gives_what_nobody_says() {
    let said = within(FILE, &["upload-web", "--tag", "v1"], &[])
        .exited(0)
        .err();
    assert!(
        said.contains("keep=11") && said.contains("targets=[Staging, Production]"),
        "{said}"
    );
    assert!(!said.contains("web2"), "{said}");
    // It is for whom it means something.
    let sites = within(FILE, &["sites"], &[]).exited(0).out();
    assert!(
        sites.starts_with("web1 ") && !sites.contains("web2"),
        "{sites}"
    );
    let _ = within(FILE, &["list"], &[]).exited(0);
    let plan = within(FILE, &["plan", "number"], &[]).exited(0).out();
    assert!(
        plan.contains("goes on after errors") && plan.contains("retries 1"),
        "{plan}"
    );
}

#[test]
fn what_is_nearer_counts_more() {
    let run = |arguments: &[&str], variables: &[(&str, &str)]| {
        let always = ["upload-web", "--tag", "v1"];
        let arguments: Vec<&str> = always.iter().chain(arguments).copied().collect();
        within(FILE, &arguments, variables).exited(0).err()
    };
    let said = run(&[], &[("PLOY_EXCLUDE", "web1"), ("PLOY_KEEP", "12")]);
    assert!(
        said.contains("web2 > tag=v1 keep=12") && !said.contains("web1"),
        "{said}"
    );
    let said = run(
        &["-x", "web2", "--keep", "13"],
        &[("PLOY_EXCLUDE", "web1"), ("PLOY_KEEP", "12")],
    );
    assert!(
        said.contains("web1 > tag=v1 keep=13") && !said.contains("web2"),
        "{said}"
    );
    let said = run(&["--keep", "13", "-e", "upload-web.keep=14"], &[]);
    assert!(said.contains("keep=14"), "{said}");
    // Of two that exclude each other, too.
    let plan = within(FILE, &["plan", "number", "--break-on-error"], &[])
        .exited(0)
        .out();
    assert!(!plan.contains("goes on after errors"), "{plan}");
}

#[test]
fn variables_stand_for_options() {
    let variables = [
        ("PLOY_TAG", "v2"),
        ("PLOY_DIRTY", "true"),
        ("PLOY_LIMIT", "web2"),
        ("PLOY_ONCE", "yes"),
    ];
    let said = within("", &["upload-web"], &variables).exited(0).err();
    assert!(
        said.contains("web2 > tag=v2 keep=3 dirty=true") && !said.contains("web1"),
        "{said}"
    );
    // For a command that does not heed it, it is no mistake; nor is an empty one.
    let _ = within("", &["list"], &[("PLOY_FANOUT", "3"), ("PLOY_GROUPS", "")]).exited(0);
    let said = within("", &["number"], &[("PLOY_FANOUT", "many")])
        .exited(2)
        .err();
    assert!(
        said.contains("note: the value comes from the environment variable PLOY_FANOUT"),
        "{said}"
    );
}

#[test]
fn what_is_wrong_in_the_file_is_told_with_its_path() {
    let file = "fanuot = 3\nyes = true\nfanout = \"x\"\nkeep-going = 3\nretries = 1979-05-27\n\
        [set.upload-wbe]\nkeep = 3\n[set.upload-web]\nkep = 3\n";
    let said = within(file, &["list"], &[]).exited(2).err();
    for part in [
        "ploy.toml`: unknown key `fanuot`\n  hint: did you mean `fanout`?",
        "unknown key `yes`\n  hint: `--yes` is for one run",
        "`fanout`: invalid value 'x'",
        "`keep-going` is either true or false",
        "`retries` is text, a number, true or false",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    // Jobs may be added when the program starts: these are looked at when something is to run.
    let file =
        "[set.upload-wbe]\nkeep = 3\n[set.upload-web]\nkep = 3\n[set.login]\ntoken = \"x\"\n";
    let said = within(file, &["number"], &[]).exited(2).err();
    for part in [
        "`set`: no job or schedule is named `upload-wbe`\n  hint: did you mean `upload-web`?",
        "the job `upload-web` has no parameter `kep`\n  hint: did you mean `keep`?",
        "`token` of `login` is a secret",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    let said = within("a = 1\nb = = 2\n", &["list"], &[]).exited(2).err();
    assert!(said.contains("ploy.toml`, line 2: "), "{said}");
}

#[test]
fn a_file_that_others_may_write_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let project = TempDir::new().unwrap();
    let file = project.path().join("ploy.toml");
    std::fs::write(&file, "sudo-pass-command = \"touch was-run\"\n").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o666)).unwrap();
    let run = || {
        Program::new("params", ["number"])
            .within(project.path())
            .run()
    };
    let said = run().exited(2).err();
    assert!(
        said.contains("others may write it") && said.contains("chmod o-w"),
        "{said}"
    );
    assert!(!project.path().join("was-run").exists());
    // Help is there all the same.
    let help = Program::new("params", ["--help"]).within(project.path());
    assert!(help.run().exited(0).out().contains("Usage:"));
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    assert!(run().exited(2).err().contains("it is no file"));
}

#[test]
fn of_options_that_exclude_each_other_the_nearer_counts() {
    let out = |file: &str, arguments: &[&str], variables: &[(&str, &str)]| {
        let finished = within(file, arguments, variables).exited(0);
        format!("{}{}", finished.out(), finished.err())
    };
    // A project's view does not stand in the way of a program.
    let json = out("fold = true\n", &["number", "--output", "json"], &[]);
    assert!(json.starts_with("{\"number\":1,"), "{json}");
    assert_eq!(
        out(
            "output = \"group\"\nverbose = true\n",
            &["number", "-q"],
            &[]
        ),
        ""
    );
    let said = out("quiet = true\n", &["number", "-v"], &[]);
    assert!(said.contains("done: 1 task"), "{said}");
    let said = out(
        "",
        &["plan", "number", "--break-on-error"],
        &[("PLOY_KEEP_GOING", "1")],
    );
    assert!(!said.contains("goes on after errors"), "{said}");
    out(
        "",
        &["number"],
        &[("PLOY_NO_INPUT", "false"), ("PLOY_COMPLETE", "yes")],
    );
    for arguments in [
        &["number", "-q", "-o", "group"] as &[&str],
        &["--keep-going", "run", "number", "--break-on-error"],
        &["number", "-q", "-v"],
    ] {
        let said = within("", arguments, &[]).exited(2).err();
        assert!(said.contains("cannot be used together"), "{said}");
    }
    // Of one that is for a job alone, too.
    let variables = [("PLOY_SET", "number.tag=14")];
    assert!(out("", &["number"], &variables).contains("tag 14 of"));
    assert!(out("", &["number", "--tag", "13"], &variables).contains("tag 13 of"));
    out("", &["delete", "-y"], &variables);
}
