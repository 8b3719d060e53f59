//! Plans for programs: the formats of `plan`, and runs that are only shown.

use ploy_tests::{Program, golden};

/// What a program prints, which must be the same everywhere.
fn check(name: &str, binary: &str, arguments: &[&str]) {
    let finished = Program::new(binary, arguments).run().exited(0);
    assert_eq!(finished.err(), "");
    let text = format!("$ {binary} {}\n{}", arguments.join(" "), finished.out());
    golden(&format!("cli/{name}"), &text);
}

#[test]
fn a_plan_is_one_document_that_can_be_compared() {
    check(
        "website-plan-json",
        "website",
        &["plan", "release", "--format", "json"],
    );
    check(
        "website-plan-json-of-jobs",
        "website",
        &[
            "plan",
            "upload-web",
            "--format=json",
            "-l",
            "web[1-2]",
            "--groups",
            "1,100%",
            "--pause",
            "5s",
            "--max-fail",
            "10%",
            "--timeout",
            "90s",
        ],
    );
    check(
        "rollout-plan-json",
        "rollout",
        &["plan", "release", "--format", "json"],
    );
}

#[test]
fn a_plan_is_drawn_by_graphviz_and_mermaid() {
    for format in ["dot", "mermaid"] {
        check(
            &format!("website-plan-{format}"),
            "website",
            &["plan", "release", "--format", format],
        );
        check(
            &format!("rollout-plan-{format}"),
            "rollout",
            &["plan", "release", "--format", format],
        );
        check(
            &format!("monorepo-plan-{format}"),
            "deploy",
            &["plan", "upload-web", "--format", format, "-m", "atomic"],
        );
    }
}

#[test]
fn a_run_that_is_only_shown_is_its_plan_and_does_nothing() {
    let of = |arguments: &[&str]| Program::new("probe", arguments).run().exited(0);
    let planned = of(&["plan", "fail", "script", "--roles", "web", "-f", "2"]);
    for option in ["-n", "--dry-run", "--dry"] {
        let shown = of(&["fail", "script", "--roles", "web", "-f", "2", option]);
        assert_eq!((shown.out(), shown.err()), (planned.out(), String::new()));
        shown.assert_clean();
    }
    let typo = Program::new("probe", ["-n", "fial"]).run().exited(2);
    assert!(
        typo.err().contains("did you mean `fail`?"),
        "{}",
        typo.err()
    );
    let code = Program::new("probe", ["forgive", "-n"]).run().exited(2);
    assert!(
        code.err().contains("decided while it runs"),
        "{}",
        code.err()
    );
    let list = Program::new("probe", ["list", "-n"]).run().exited(2);
    assert!(list.err().contains("`--dry-run` means nothing"));
}

#[test]
fn a_format_that_is_not_there_is_told() {
    let finished = Program::new("website", ["plan", "release", "--format", "mermiad"])
        .run()
        .exited(2);
    assert!(finished.err().contains("'mermaid'"), "{}", finished.err());
}
