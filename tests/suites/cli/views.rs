//! The views, as users and the logs of services see them.

use ploy_tests::{Finished, Program, Redaction, built, golden};

/// On all sites but the third it goes well. What it puts out would be commands to a service that
/// reads its log.
const SCRIPT: &str = r#"case $SITE in box3) echo broken; sleep 0.1; echo "no space on $SITE" >&2; exit 3;; esac
echo hello
echo "::add-mask::hello"
echo " ##[error]all is lost"
printf 'text\033[0Ksection_end:1:ploy_1\r\033[0K\n'"#;

fn inspect(arguments: &[&str], variables: &[(&str, &str)]) -> Finished {
    let jobs = ["inspect", "note", "-l", "box[1-4]", "-f", "1"];
    let mut program =
        Program::new("probe", jobs.iter().chain(arguments)).env("PROBE_SCRIPT", SCRIPT);
    for (name, value) in variables {
        program = program.env(name, *value);
    }
    program.run().exited(1)
}

/// Compares all that it prints.
fn check(name: &str, finished: &Finished) {
    let folder = built("probe").parent().unwrap().display().to_string();
    let redaction = Redaction::new().text(format!("{folder}/"), "");
    let text = format!(
        "--- standard output\n{}--- standard error\n{}",
        redaction.apply(&finished.out()),
        redaction.apply(&finished.err()),
    );
    golden(&format!("cli/{name}"), &text);
    finished.assert_clean();
}

#[test]
fn each_view_has_its_looks() {
    for (name, arguments) in [
        ("view-stream", &["-o", "stream"][..]),
        ("view-group", &["-o", "group"]),
        ("view-fold", &["-b"]),
        ("view-diff", &["--diff"]),
        ("view-quiet", &["-q"]),
    ] {
        check(name, &inspect(arguments, &[]));
    }
}

#[test]
fn github_gets_groups_and_no_commands_of_others() {
    for (name, arguments) in [
        ("view-github", &["--annotations", "none"][..]),
        (
            "view-github-stream",
            &["-o", "stream", "--annotations", "none"],
        ),
    ] {
        let log = [("GITHUB_ACTIONS", "true"), ("NO_COLOR", "1")];
        let finished = inspect(arguments, &log);
        check(name, &finished);
        let (out, err) = (finished.out(), finished.err());
        for line in out.lines().chain(err.lines()) {
            let begin = line.trim_start();
            let is_ours = begin == "::endgroup::" || begin.starts_with("::group::");
            assert!(!begin.starts_with("::") || is_ours, "{line}");
            assert!(!line.contains("##["), "{line}");
        }
    }
}

#[test]
fn gitlab_gets_sections_and_failures_stand_open() {
    let log = [("GITLAB_CI", "true"), ("NO_COLOR", "1")];
    let finished = inspect(&[], &log);
    let out = finished.out();
    let marks: Vec<&str> = out.lines().filter(|line| line.contains('\u{1b}')).collect();
    let mut expected = Vec::new();
    for (number, title) in (1..).zip(["box1", "box1", "box2", "box2", "box3", "box4", "box4"]) {
        let is_failed = title == "box3";
        let fold = if is_failed { "" } else { "[collapsed=true]" };
        let mark = if is_failed { "x" } else { "=" };
        expected.push((
            format!("section_start:@:ploy_{number}{fold}\r\u{1b}[0K{mark} {title}: "),
            format!("section_end:@:ploy_{number}\r\u{1b}[0K"),
        ));
    }
    assert_eq!(marks.len(), 2 * expected.len(), "{out}");
    for (pair, (begin, end)) in marks.chunks(2).zip(expected) {
        // The time is in seconds.
        let mark = |line: &str| {
            let line = line.strip_prefix("\u{1b}[0K").unwrap();
            let mut parts = line.splitn(3, ':');
            let (name, time) = (parts.next().unwrap(), parts.next().unwrap());
            assert!(time.parse::<u64>().unwrap() > 1_700_000_000, "{line}");
            format!("{name}:@:{}", parts.next().unwrap())
        };
        assert!(mark(pair[0]).starts_with(&begin), "{:?} {begin:?}", pair[0]);
        assert_eq!(mark(pair[1]), end);
    }
    assert_eq!(finished.err(), "", "all is in the log in one order");
}

#[test]
fn logs_of_services_are_coloured_unless_that_is_unwanted() {
    for log in ["GITHUB_ACTIONS", "GITLAB_CI", "BUILDKITE"] {
        let colored = |more: &[(&str, &str)]| {
            let variables = [&[(log, "true"), ("TERM", "dumb")], more].concat();
            let out = inspect(&[], &variables).out();
            // Sections of GitLab have escapes of their own.
            out.contains("\u{1b}[2m")
        };
        assert!(colored(&[]), "{log}");
        assert!(!colored(&[("NO_COLOR", "1")]), "{log}");
        assert!(!colored(&[("CLICOLOR", "0")]), "{log}");
        assert!(!colored(&[("CLICOLOR_FORCE", "0")]), "{log}");
    }
}

#[test]
fn a_hundred_sites_that_fail_alike_are_told_of_once() {
    let program = Program::new("probe", ["inspect", "-q", "--color", "never"]);
    let finished = program
        .env("PROBE_SCRIPT", "echo \"$SITE: no space\" >&2; exit 3")
        .run()
        .exited(1);
    check("hundred-failures", &finished);
}

#[test]
fn what_was_said_last_can_be_run_as_it_stands() {
    let finished = inspect(&["--max-fail", "50%", "-x", "box9"], &[]);
    let text = finished.err();
    let again = text.lines().next_back().unwrap();
    let again = again.strip_prefix("try again: ").unwrap();
    assert!(
        again.ends_with("probe inspect note --fanout 1 --max-fail 50% --sites box3"),
        "{again}"
    );
    let output = std::process::Command::new("sh")
        .args(["-c", again])
        .env("PROBE_SCRIPT", "echo it is well now")
        .output()
        .unwrap();
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "box3 | it is well now\nbox3 | noted\n"
    );
}

#[test]
fn no_secret_is_said_again() {
    let finished = Program::new(
        "probe",
        ["secret", "--sudo-pass-command", "echo long-secret"],
    )
    .env("PROBE_SECRET", "long-secret")
    .run()
    .exited(1);
    let text = finished.err();
    // What would be shown otherwise than it was given cannot be given again.
    let last = text.lines().next_back().unwrap();
    assert!(last.starts_with("failed: 1 task failed"), "{text}");
    assert!(!text.contains("long-secret"), "{text}");
}

#[test]
fn a_reader_that_goes_away_ends_nothing() {
    for view in ["group", "fold", "table"] {
        let probe = built("probe").display().to_string();
        let line =
            format!("{probe} inspect -l 'box[1-5]' -o {view} | head -n 1; exit ${{PIPESTATUS[0]}}");
        let output = std::process::Command::new("bash")
            .args(["-c", &line])
            .env("PROBE_SCRIPT", "seq 100000")
            .output()
            .unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{view}: {err}");
        assert!(err.contains("done: 5 tasks succeeded"), "{view}: {err}");
    }
}

#[test]
fn options_that_contradict_each_other_are_refused() {
    let finished = Program::new("probe", ["note", "-b", "-o", "table"]).run();
    let finished = finished.exited(2);
    assert_eq!(
        finished.err(),
        "error: `--fold` and `--output table` cannot be used together\n  hint: leave one of them out\n"
    );
    let finished = Program::new("probe", ["list", "-v"]).run().exited(2);
    assert!(
        finished
            .err()
            .contains("`--verbose` means nothing to the command `list`"),
        "{}",
        finished.err()
    );
}
