//! What reports say of sites that are far away, or not there.

use ploy_tests::{Program, Redaction, Server};

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn an_unreachable_site_is_an_error_and_told_from_a_failure() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.xml");
    let finished = Program::new("probe", ["fail", "-o", "json", "--annotations", "github"])
        .env("PROBE_CONFIG", server.config())
        .run();
    let annotations: Vec<String> = finished
        .err()
        .lines()
        .map(|line| Redaction::new().apply(line))
        .collect();
    assert_eq!(annotations.len(), 2, "{annotations:#?}");
    let told = |title: &str| annotations.iter().any(|line| line.contains(title));
    assert!(
        told("title=fail failed on web[1-3] (3 sites)::"),
        "{annotations:#?}"
    );
    assert!(
        told("title=fail did not reach nowhere::"),
        "{annotations:#?}"
    );
    let _ = finished.exited(1);

    let finished = Program::new("probe", ["fail", "--junit", path.to_str().unwrap()])
        .env("PROBE_CONFIG", server.config())
        .run()
        .exited(1);
    let report = std::fs::read_to_string(&path).unwrap();
    assert!(
        report.contains(r#"tests="4" skipped="0" failures="3" errors="1""#),
        "{report}"
    );
    assert!(
        report.contains(r#"<testcase name="fail" classname="nowhere""#),
        "{report}"
    );
    assert!(report.contains(r#"type="unreachable""#), "{report}");
    finished.assert_clean();
    server.assert_empty();
}
