//! Who is asked, and where a run begins.

use ploy_tests::{Finished, Program, Running};

fn params(arguments: &[&str]) -> Program {
    Program::new("params", arguments).env("NO_COLOR", "1")
}

/// Runs it where nobody can be asked.
fn alone(arguments: &[&str]) -> Finished {
    params(arguments).without_terminal().run()
}

fn at_terminal(arguments: &[&str]) -> Running {
    params(arguments).on_terminal().with_keys().start()
}

/// Answers questions with these words, each when it is asked, and gives all that was on the
/// terminal.
fn answered(arguments: &[&str], answers: &[(&str, &str)], code: i32) -> String {
    let mut running = at_terminal(arguments);
    for (question, answer) in answers {
        running.wait_for(1, question);
        running.type_keys(&format!("{answer}\r"));
    }
    running.finish().exited(code).out()
}

#[test]
fn jobs_ask_for_consent() {
    let out = answered(
        &["delete", "-r", "web1"],
        &[
            ("web1: delete it? [y/N] ", "maybe"),
            ("maybe\r\nweb1: delete it? [y/N] ", "y"),
        ],
        0,
    );
    assert!(out.contains("web1 > deleted"), "{out}");
    let out = answered(
        &["delete", "-r", "web1"],
        &[("web1: delete it? [y/N] ", "")],
        0,
    );
    assert!(out.contains("web1 > kept"), "{out}");
    let yes = alone(&["delete", "--yes"]).exited(0).err();
    assert_eq!(yes.matches("> deleted").count(), 2, "{yes}");
    for arguments in [&["delete"] as &[&str], &["delete", "--no-input"]] {
        let said = alone(arguments).exited(1).err();
        assert!(
            said.contains("`--yes` answers yes to all such questions"),
            "{said}"
        );
        assert!(
            !said.contains("deleted") && !said.contains("kept"),
            "{said}"
        );
    }
}

#[test]
fn a_run_goes_on_step_by_step() {
    let steps = [
        "number",
        "delete",
        "upload-web",
        "--set",
        "upload-web.tag=x",
        "--step",
        "-y",
    ];
    let out = answered(
        &steps,
        &[
            ("run number on web1? [yes/no/all/quit] ", "n"),
            ("run delete on web[1-2]? [yes/no/all/quit] ", "yes"),
            ("run upload-web on web[1-2]? [yes/no/all/quit] ", "q"),
        ],
        130,
    );
    assert!(out.contains("> deleted") && !out.contains("> tag"), "{out}");
    assert!(!out.contains("> tag=x"), "{out}");
    let out = answered(&steps, &[("run number on web1? ", "all")], 0);
    assert!(
        out.contains("tag 1 of") && out.contains("> deleted") && out.contains("tag=x"),
        "{out}"
    );
    // What holds between jobs holds here too: a site where one failed has no more of them.
    let fail = ["fail-first", "number", "delete", "--step", "-y"];
    let out = answered(&fail, &[("run fail-first on web[1-2]? ", "all")], 1);
    assert!(
        !out.contains("tag 1 of") && out.contains("web2 > deleted"),
        "{out}"
    );
    assert!(!out.contains("web1 > deleted"), "{out}");
    let out = answered(
        &[&fail[..], &["--keep-going"]].concat(),
        &[("run fail-first on", "all")],
        1,
    );
    assert!(
        out.contains("tag 1 of") && out.contains("web1 > deleted"),
        "{out}"
    );
    // Of a schedule, each stage.
    let out = answered(
        &["three", "--step", "-y"],
        &[
            ("run number on web1? ", "y"),
            ("run upload-web, delete on web[1-2]? ", "n"),
        ],
        0,
    );
    assert!(
        out.contains("tag 1 of Staging") && !out.contains("deleted"),
        "{out}"
    );
    let said = alone(&["number", "--step"]).exited(2).err();
    assert!(said.contains("`--step` asks on the terminal"), "{said}");
    let said = alone(&["number", "--step", "--no-input"]).exited(2).err();
    assert!(said.contains("cannot be used together"), "{said}");
}

#[test]
fn a_run_starts_from_a_job() {
    let run = |arguments: &[&str]| alone(arguments).exited(0).err();
    // What is left out needs no parameters.
    let said = run(&[
        "upload-web",
        "number",
        "delete",
        "-y",
        "--start-from",
        "number",
    ]);
    assert!(
        said.contains("tag 1 of") && said.contains("deleted") && !said.contains("upload-web"),
        "{said}"
    );
    let said = run(&["three", "-y", "--start-from", "delete"]);
    assert!(
        said.contains("deleted") && said.contains("tag 9 of") && !said.contains("tag=a"),
        "{said}"
    );
    assert!(!said.contains("tag 1 of"), "{said}");
    let plan = alone(&["plan", "three", "--start-from", "delete"])
        .exited(0)
        .out();
    assert!(
        !plan.contains("upload-web") && plan.contains("stage 2 of 2"),
        "{plan}"
    );
    for (arguments, part) in [
        (
            &["number", "delete", "--start-from", "delte"] as &[&str],
            "did you mean `delete`?",
        ),
        (
            &["three", "--start-from", "login"],
            "it runs number, upload-web, delete, number",
        ),
        (
            &["tell", "--tag", "x", "--start-from", "number"],
            "is decided while it runs: it is code",
        ),
    ] {
        let said = alone(arguments).exited(2).err();
        assert!(said.contains(part), "{part}\n{said}");
    }
}
