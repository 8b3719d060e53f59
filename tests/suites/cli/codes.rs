//! Exit codes of real programs.

use ploy_tests::Program;

fn probe(arguments: &[&str]) -> ploy_tests::Finished {
    Program::new("probe", arguments).run()
}

#[test]
fn a_run_tells_how_it_ended() {
    probe(&["succeed", "--roles", "web"])
        .exited(0)
        .assert_clean();
    probe(&["fail", "--roles", "web"]).exited(1).assert_clean();
    probe(&["panic"]).exited(1).assert_clean();
    probe(&["forgive"]).exited(0).assert_clean();
}

#[test]
fn a_mistake_is_told_from_a_failure() {
    for mistake in [
        &["no-such-job"][..],
        &["succeed", "no-such-job"],
        &["succeed", "--roles", "no-such-role"],
        &["--no-such-option"],
        &["history"],
        &["plan", "no-such-job"],
        &["forgive", "succeed"],
        &["panic", "--roles", "web3"],
        &["succeed", "--color", "sometimes"],
    ] {
        let finished = probe(mistake).exited(2);
        assert_eq!(
            finished.out(),
            "",
            "{mistake:?}: a mistake is told on standard error"
        );
        assert!(
            finished.err().contains("error:"),
            "{mistake:?}: {}",
            finished.err()
        );
        finished.assert_clean();
    }
}

#[test]
fn what_a_schedule_asks_for_in_vain_is_a_mistake_and_what_it_says_itself_a_failure() {
    let misled = probe(&["misled"]).exited(2);
    assert!(misled.err().contains("no-such-job"), "{}", misled.err());
    misled.assert_clean();
    let gave_up = probe(&["give-up"]).exited(1);
    assert!(gave_up.err().contains("no such luck"), "{}", gave_up.err());
    gave_up.assert_clean();
}

/// The codes at the beginnings of these lines.
fn codes<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<u8> {
    let codes = lines.flat_map(|line| line.split(',').map(str::trim));
    codes.map(|code| code.parse().unwrap()).collect()
}

#[test]
fn every_exit_code_is_told_by_the_help_and_by_the_guide() {
    let expected = [0, 1, 2, 3, 4, 6, 130, 143];
    let help = probe(&["--help"]).exited(0).out();
    let (_, help) = help.split_once("Exit status:\n").unwrap();
    let (help, _) = help.split_once("\n\n").unwrap();
    assert!(help.lines().all(|line| line.len() < 80), "{help}");
    assert_eq!(codes(help.lines().map(|line| line[..10].trim())), expected);
    let table = include_str!("../../../docs/guide/exit-codes.md");
    let rows = table.lines().filter_map(|line| line.strip_prefix("| "));
    let rows = rows
        .filter_map(|row| row.split_once(" |"))
        .map(|(code, _)| code);
    assert_eq!(codes(rows.filter(|code| *code != "code")), expected);
}

#[test]
fn help_and_lists_are_no_failure_and_go_to_standard_output() {
    for arguments in [
        &["--help"][..],
        &["help"],
        &["run", "--help"],
        &["--version"],
        &["list"],
        &["sites"],
        &["plan", "fail"],
    ] {
        let finished = probe(arguments).exited(0);
        assert_ne!(finished.out(), "", "{arguments:?}");
        assert_eq!(finished.err(), "", "{arguments:?}");
    }
}

#[test]
fn a_reserved_command_is_not_taken_for_a_typing_error() {
    for name in ["resume", "history", "show", "replay", "lock"] {
        let finished = probe(&[name]).exited(2);
        let expected = format!("the command `{name}` is not there yet");
        assert!(finished.err().contains(&expected), "{}", finished.err());
    }
}

#[test]
fn the_output_of_commands_goes_to_standard_output_and_the_rest_does_not() {
    let finished = probe(&["fail", "--roles", "web1"]).exited(1);
    assert_eq!(finished.out(), "web1 ! the disk is full\n");
    assert!(finished.err().contains("failed: fail on web1"));
}

#[test]
fn a_flood_arrives_whole() {
    let finished = probe(&["flood"]).exited(0);
    let line = "web1 | 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde\n";
    assert_eq!(finished.stdout.len(), line.len() * 20 * 1024 * 1024 / 64);
    assert!(
        finished
            .stdout
            .chunks(line.len())
            .all(|chunk| chunk == line.as_bytes())
    );
}

#[test]
fn a_reader_that_goes_away_does_not_end_a_deployment() {
    use std::process::{Command, Stdio};
    // `head` reads one line and closes the pipe; the run goes on, and its own exit code tells.
    let script = format!(
        "{} flood | head -n 1; exit ${{PIPESTATUS[0]}}",
        ploy_tests::built("probe").display()
    );
    let output = Command::new("bash")
        .args(["-c", &script])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(String::from_utf8_lossy(&output.stderr).contains("done: 1 task succeeded"));
}
