//! Parameters of jobs and schedules, as options.

use ploy_tests::{Finished, Program};

fn params(arguments: &[&str]) -> Finished {
    Program::new("params", arguments).env("NO_COLOR", "1").run()
}

#[track_caller]
fn says(arguments: &[&str], code: i32, parts: &[&str]) {
    let finished = params(arguments).exited(code);
    let said = finished.err();
    for part in parts {
        assert!(said.contains(part), "{arguments:?}: {part}\n{said}");
    }
}

#[test]
fn they_are_options_with_types_defaults_and_values() {
    says(
        &["upload-web", "--tag", "v1", "-r", "web2"],
        0,
        &["web2 > tag=v1 keep=3 dirty=false targets=[] from=None wait=90s"],
    );
    says(
        &[
            "upload-web",
            "--keep=9",
            "--dirty",
            "--targets",
            "staging,live",
            "--targets",
            "staging",
            "--from",
            "/x y",
            "--wait",
            "1m 5s",
            "--tag=--odd",
        ],
        0,
        &[
            "tag=--odd keep=9 dirty=true targets=[Staging, Production, Staging] from=Some(\"/x y\") wait=65s",
            // An action takes some of them, in another order.
            "web1 > backup of --odd, keeping 9",
        ],
    );
    says(
        &["upload-web", "--tag", "x", "--dirty=false"],
        0,
        &["dirty=false"],
    );
    says(
        &["number", "--tag", "4", "-v"],
        0,
        &["number: tag=4 target=staging\n"],
    );
    // Where a name can mean nothing but a job.
    says(&["run", "number", "--tag", "4"], 0, &["tag 4 of Staging"]);
}

#[test]
fn what_is_missing_or_malformed_is_told_before_anything_runs() {
    for (arguments, parts) in [
        (
            &["upload-web"] as &[&str],
            &["error: the job `upload-web` needs `--tag <TAG>`\n  hint: The release, by its tag"]
                as &[&str],
        ),
        (
            &["upload-web", "--tag"],
            &["a value is required for '--tag <TAG>'"],
        ),
        (
            &["upload-web", "--tag", "x", "--keep", "-1"],
            &["invalid value '-1' for '--keep <N>': it is a whole number from 0 to 4294967295"],
        ),
        (
            &["upload-web", "--tag", "x", "--targets", "stagin"],
            &[
                "invalid value 'stagin' for '--targets <TARGETS>'",
                "[possible values: staging, live]",
            ],
        ),
        (
            &["upload-web", "--tag", "x", "--wait", "5"],
            &["`5` is no time: write it as `90s`"],
        ),
        (
            &["upload-web", "--tga", "x"],
            &["there is no option `--tga`", "did you mean `--tag`?"],
        ),
        (
            &["number", "--keep", "3"],
            &[
                "there is no option `--keep`",
                "it is a parameter of `upload-web`",
            ],
        ),
        (&["list", "--tag", "x"], &["there is no option `--tag`"]),
        (
            &["plan", "upload-web"],
            &["the job `upload-web` needs `--tag <TAG>`"],
        ),
        (
            &["release"],
            &["the schedule `release` needs `--tag <TAG>`"],
        ),
    ] {
        says(arguments, 2, parts);
        assert!(!params(arguments).err().contains("tag="), "something ran");
    }
}

#[test]
fn jobs_that_mean_different_things_by_a_name_are_told_apart() {
    says(
        &["upload-web", "number", "--tag", "5"],
        2,
        &[
            "`--tag` means a `String` to `upload-web` and a `u32` to `number`",
            "`--set upload-web.tag=.. --set number.tag=..`",
        ],
    );
    says(
        &[
            "upload-web",
            "number",
            "-e",
            "upload-web.tag=v",
            "--set",
            "number.tag=7",
            "--target=live",
        ],
        0,
        &["tag=v keep=3", "tag 7 of Production"],
    );
    for (set, parts) in [
        (
            "numbre.tag=3",
            "`--set numbre.tag`: `numbre` is not to run\n  hint: did you mean `number`?",
        ),
        (
            "number.tga=3",
            "the job `number` has no parameter `tga`\n  hint: did you mean `tag`?",
        ),
        (
            "number.tag=x",
            "`tag` of the job `number`: it is a whole number",
        ),
        (
            "number.target=lvie",
            "`lvie` is none of its values; did you mean `live`?",
        ),
        ("tag=3", "names no job, parameter and value"),
    ] {
        says(&["number", "--set", set], 2, &[parts]);
    }
}

#[test]
fn schedules_have_them_and_give_them_to_jobs() {
    let finished = params(&["release", "--tag", "v7", "--times", "2", "-r", "web2"]).exited(0);
    let said = finished.err();
    for part in ["tag=v7 keep=7", "tag=v7 keep=8", "targets=[Production]"] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    says(
        &["tell", "--tag", "z"],
        0,
        &[
            "tag=z keep=3 dirty=true targets=[] from=Some(\"dist\")",
            "tag 2 of Staging",
        ],
    );
    // What it makes of its parameters is looked at before anything runs.
    says(
        &["unsound", "--tag", "x"],
        2,
        &["schedule `unsound`: the job `upload-web` is not given its `tag`"],
    );
    let planned = params(&["plan", "release", "--tag", "v7", "--times", "2"]).exited(0);
    let text = planned.out();
    assert!(text.contains("stage 2 of 2"), "{text}");
    assert!(
        text.contains("  upload-web: tag=v7 keep=8 dirty=false targets=live from= wait=1m 30s\n"),
        "{text}"
    );
    let planned = params(&["plan", "number", "--tag", "3", "--format", "json"]).exited(0);
    let text = planned.out();
    let given = ["\"arguments\": {", "\"tag\": [", "\"staging\""];
    assert!(given.iter().all(|part| text.contains(part)), "{text}");
}

#[test]
fn a_secret_is_given_by_its_source_and_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "tr0ub4dor and three\n").unwrap();
    let path = file.to_str().unwrap();
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let descriptor = format!("exec 7<{path}; exec \"$0\" login --token-fd 7");
    let binary = Program::path("params");
    let by_descriptor = std::process::Command::new("bash")
        .args(["-c", &descriptor, binary.to_str().unwrap()])
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let by_descriptor = String::from_utf8(by_descriptor.stderr).unwrap();
    assert!(
        by_descriptor.contains("19 bytes, other: false"),
        "{by_descriptor}"
    );
    let by_file = params(&["login", "--token-file", path, "--output", "json"]).exited(0);
    let events = by_file.out();
    assert!(events.contains("\"token\":[\"***\"]"), "{events}");
    assert!(events.contains("19 bytes, other: false"), "{events}");
    assert!(!events.contains("tr0ub4dor") && !by_file.err().contains("tr0ub4dor"));
    says(
        &["login"],
        2,
        &["needs `--token-file <FILE>`", "The token of the registry"],
    );
    // Two jobs are given what can be read once.
    let shared = "exec 7<\"$1\"; exec \"$0\" login login-again --token-fd 7";
    let both = std::process::Command::new("bash")
        .args(["-c", shared, binary.to_str().unwrap(), path])
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let both = String::from_utf8(both.stderr).unwrap();
    assert_eq!(both.matches("19 bytes").count(), 2, "{both}");
    says(
        &["login", "--token-file", path, "--token-fd", "7"],
        2,
        &["`--token-file` and `--token-fd` cannot be used together"],
    );
    says(
        &["login", "-e", &format!("login.token-file={path}")],
        0,
        &["19 bytes"],
    );
    says(
        &["login", "-e", "login.token=x"],
        2,
        &["is a secret, which others could see there"],
    );
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    says(
        &["login", "--token-file", path],
        2,
        &["others may read or write it (mode 644)"],
    );
}

#[test]
fn help_and_lists_show_them() {
    let help = params(&["upload-web", "--help"]).exited(0).out();
    for part in [
        "      --tag <TAG>             The release, by its tag [required]\n",
        "      --keep <N>              How many old releases stay [default: 3]\n",
        "      --targets <TARGETS>     Where it goes, all unless said [staging, live]\n",
        "      --wait <TIME>           [default: 1m 30s]\n",
    ] {
        assert!(help.contains(part), "{part}\n{help}");
    }
    assert!(
        help.lines().all(|line| line.chars().count() <= 80),
        "{help}"
    );
    assert!(
        !params(&["number", "--help"])
            .exited(0)
            .out()
            .contains("--keep <N>")
    );
    let list = params(&["list"]).exited(0).out();
    for part in [
        "      --dirty                 Upload what is not committed, too\n",
        "      --target <TARGET>  [staging, live] [default: staging]\n",
        "      --token-file <FILE>  The token of the registry [required]\n",
    ] {
        assert!(list.contains(part), "{part}\n{list}");
    }
}
