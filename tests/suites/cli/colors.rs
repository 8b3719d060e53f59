//! Colours only where they are right.

use ploy_tests::{Finished, Program};

fn run(variables: &[(&str, &str)], arguments: &[&str]) -> Finished {
    let mut program = Program::new("probe", arguments);
    for (name, value) in variables {
        program = program.env(name, *value);
    }
    program.run().exited(1)
}

fn is_colored(bytes: &[u8]) -> bool {
    bytes.contains(&0x1b)
}

#[test]
fn variables_and_the_option_decide() {
    let job = ["fail", "--roles", "web1"];
    for (variables, expected) in [
        (&[][..], false),
        (&[("CLICOLOR_FORCE", "1")], true),
        (&[("FORCE_COLOR", "1")], true),
        (&[("CLICOLOR_FORCE", "0")], false),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
        (&[("NO_COLOR", "1")], false),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")], true),
        (&[("CLICOLOR_FORCE", "1"), ("TERM", "dumb")], true),
    ] {
        let finished = run(variables, &job);
        assert_eq!(
            is_colored(&finished.stdout),
            expected,
            "{variables:?}: {}",
            finished.out()
        );
        assert_eq!(
            is_colored(&finished.stderr),
            expected,
            "{variables:?}: {}",
            finished.err()
        );
    }
    let always = run(
        &[("NO_COLOR", "1")],
        &["--color", "always", "fail", "--roles", "web1"],
    );
    assert!(is_colored(&always.stdout) && is_colored(&always.stderr));
    let never = run(
        &[("CLICOLOR_FORCE", "1")],
        &["--color", "never", "fail", "--roles", "web1"],
    );
    assert!(!is_colored(&never.stdout) && !is_colored(&never.stderr));
}

#[test]
fn colours_change_nothing_but_the_looks() {
    let job = ["fail", "--roles", "web1"];
    let (plain, colored) = (run(&[], &job), run(&[("CLICOLOR_FORCE", "1")], &job));
    assert_eq!(stripped(&colored.out()), plain.out());
    let lines = |text: &str| text.lines().count();
    assert_eq!(lines(&stripped(&colored.err())), lines(&plain.err()));
    assert!(stripped(&colored.err()).contains("failed: fail on web1 (fail, tests/probe/main.rs:"));
}

#[test]
fn colours_of_a_command_do_not_reach_the_terminal_of_others() {
    let finished = Program::new("probe", ["binary"])
        .env("CLICOLOR_FORCE", "1")
        .run()
        .exited(0);
    assert!(
        !finished.out().contains("\u{1b}[31mred"),
        "{:?}",
        finished.out()
    );
}

#[test]
fn mistakes_and_help_keep_to_it_too() {
    let colored =
        |name: &str, arguments: &[&str]| Program::new("probe", arguments).env(name, "1").run();
    assert!(!is_colored(&colored("NO_COLOR", &["lst"]).stderr));
    assert!(is_colored(&colored("CLICOLOR_FORCE", &["lst"]).stderr));
    assert!(!is_colored(&colored("NO_COLOR", &["--help"]).stdout));
    assert!(!is_colored(
        &colored("NO_COLOR", &["--no-such-option"]).stderr
    ));
}

/// The text without escape sequences that colour.
fn stripped(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part.split_once('m').map_or("", |(_, rest)| rest)
    })
}
