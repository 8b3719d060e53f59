//! Reports beside the view: JUnit, and annotations for CI.

use std::fs;
use std::path::Path;

use ploy_tests::{Finished, Program, Redaction, golden};
use rustix::process::Signal;
use tempfile::TempDir;

/// Runs a program that is to write a report into a folder.
fn run(arguments: &[&str], folder: &TempDir) -> Finished {
    let path = folder.path().join("report.xml");
    let arguments = arguments.iter().map(Path::new);
    let program = Program::new("probe", arguments.chain([Path::new("--junit"), &path]));
    program.run()
}

fn report(folder: &TempDir) -> String {
    let names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    assert_eq!(names, ["report.xml"]);
    fs::read_to_string(folder.path().join("report.xml")).unwrap()
}

/// A report without times and lines of source.
fn redacted(report: &str) -> String {
    let mut text = Redaction::new().apply(report);
    for (name, end) in [
        ("time=\"", '"'),
        ("timestamp=\"", '"'),
        ("line=\"", '"'),
        ("name=\"run\" value=\"", '"'),
        ("main.rs:", '\n'),
    ] {
        let parts: Vec<&str> = text.split(name).collect();
        let (first, rest) = parts.split_first().unwrap();
        let shown: String = rest
            .iter()
            .map(|part| format!("{name}[..]{}", &part[part.find(end).unwrap()..]))
            .collect();
        text = first.to_string() + &shown;
    }
    text
}

#[test]
fn a_report_has_a_suite_a_stage_and_a_case_a_task() {
    let folder = tempfile::tempdir().unwrap();
    let finished = run(
        &[
            "fail",
            "succeed",
            "--roles",
            "web",
            "--mode",
            "atomic",
            "--keep-going",
            "--max-fail",
            "1",
        ],
        &folder,
    );
    let finished = finished.exited(3);
    golden("cli/junit", &redacted(&report(&folder)));
    finished.assert_clean();
}

#[test]
fn what_a_schedule_allows_is_skipped() {
    let folder = tempfile::tempdir().unwrap();
    let _ = run(&["forgive"], &folder).exited(0);
    let report = report(&folder);
    let first = report.lines().nth(1).unwrap();
    assert!(
        first.contains(r#"tests="6" skipped="3" failures="0" errors="0""#),
        "{report}"
    );
    assert!(
        report.contains("it failed, which the schedule allows"),
        "{report}"
    );
    assert_eq!(report.matches("the disk is full\n").count(), 3, "{report}");
}

#[test]
fn an_interrupted_run_has_a_report() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.xml");
    let arguments = [
        "sleep",
        "succeed",
        "--roles",
        "web",
        "--junit",
        path.to_str().unwrap(),
    ];
    let running = Program::new("probe", arguments).start();
    running.wait_for(3, "| asleep");
    assert!(!path.exists(), "it is written at the end");
    running.signal(Signal::INT);
    let finished = running.finish().exited(130);
    let report = report(&folder);
    assert!(
        report.contains(r#"tests="6" skipped="3" failures="0" errors="3""#),
        "{report}"
    );
    assert_eq!(report.matches(r#"type="cancelled""#).count(), 3, "{report}");
    assert_eq!(
        report.matches("because the run is cancelled").count(),
        3,
        "{report}"
    );
    finished.assert_clean();
}

#[test]
fn a_report_that_cannot_be_written_is_told_before_anything_runs() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing/report.xml");
    for (path, said) in [
        (missing.to_str().unwrap(), "there is no folder `"),
        (folder.path().to_str().unwrap(), "it is a folder"),
        ("/dev/full", "it is no plain file"),
        ("", ""),
    ] {
        let finished = Program::new("probe", ["succeed", "--roles", "web", "--junit", path]).run();
        let finished = finished.exited(2);
        assert!(finished.err().contains(said), "{path}: {}", finished.err());
        assert!(!finished.err().contains("web1"), "{}", finished.err());
        assert_eq!(finished.out(), "");
        finished.assert_clean();
    }
}

#[test]
fn a_folder_that_goes_away_meanwhile_is_told_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    let path = inner.join("report.xml");
    let script = format!("rmdir '{}'", inner.display());
    let finished = Program::new(
        "probe",
        [
            "script",
            "--sites",
            "web1",
            "--junit",
            path.to_str().unwrap(),
        ],
    )
    .env("PROBE_SCRIPT", script)
    .run()
    .exited(0);
    let expected = format!("warning: cannot write the report `{}`: ", path.display());
    assert!(finished.err().contains(&expected), "{}", finished.err());
}

#[test]
fn a_report_holds_nothing_that_xml_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.xml");
    let script = r"printf '\033[31m<&\0]]>\377\357\277\276\n' >&2; exit 1";
    let _ = Program::new(
        "probe",
        [
            "script",
            "--sites",
            "web1",
            "--junit",
            path.to_str().unwrap(),
        ],
    )
    .env("PROBE_SCRIPT", script)
    .run()
    .exited(1);
    let report = report(&folder);
    assert!(
        report.contains("| \u{241b}[31m&lt;&amp;\u{2400}]]&gt;\u{fffd}\u{fffd}\n"),
        "{report}"
    );
    let bad = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{fffe}' | '\u{ffff}');
    assert!(!report.contains(bad), "{report:?}");
}

/// The annotations among what a program says.
fn annotations(finished: &Finished) -> Vec<String> {
    let said = finished.err();
    let lines = said.lines().filter(|line| line.starts_with("::"));
    lines.map(|line| Redaction::new().apply(line)).collect()
}

fn in_github(arguments: &[&str]) -> Finished {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    Program::new("probe", arguments)
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_WORKSPACE", root)
        .run()
}

#[test]
fn github_is_told_of_failures_once_and_where_they_are() {
    let finished = in_github(&["fail", "--roles", "web"]).exited(1);
    let told = annotations(&finished);
    assert_eq!(told.len(), 1, "{told:?}");
    let (properties, message) = told[0][2..].split_once("::").unwrap();
    assert!(
        properties.starts_with("error file=tests/probe/main.rs,line="),
        "{told:?}"
    );
    assert!(
        properties.ends_with(",title=fail failed on web[1-3] (3 sites)"),
        "{told:?}"
    );
    assert!(message.starts_with("command failed on web"), "{told:?}");
    assert!(
        message.ends_with("exited with status 3%0Athe disk is full"),
        "{told:?}"
    );
    assert!(
        finished.err().ends_with("the disk is full\n"),
        "they stand at the end: {}",
        finished.err()
    );
}

#[test]
fn github_is_warned_of_what_a_schedule_allows() {
    let told = annotations(&in_github(&["forgive"]).exited(0));
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with("::warning file=tests/probe/main.rs,"),
        "{told:?}"
    );
}

#[test]
fn annotations_are_for_github_unless_asked_for() {
    let failing = ["fail", "--roles", "web1"];
    let quiet = [
        Program::new("probe", failing).run(),
        in_github(&["fail", "--roles", "web1", "--annotations", "none"]),
        in_github(&["succeed", "--roles", "web1"]),
    ];
    for finished in quiet {
        assert_eq!(annotations(&finished), [""; 0]);
    }
    let asked = [
        "fail",
        "--roles",
        "web1",
        "--annotations",
        "github",
        "-o",
        "json",
    ];
    let finished = Program::new("probe", asked).run().exited(1);
    assert_eq!(annotations(&finished).len(), 1, "{}", finished.err());
    assert!(
        finished.out().lines().all(|line| line.starts_with('{')),
        "{}",
        finished.out()
    );
    let finished = Program::new("probe", ["list", "--annotations", "github"])
        .run()
        .exited(2);
    assert!(
        finished
            .err()
            .contains("`--annotations` means nothing to the command `list`")
    );
}
