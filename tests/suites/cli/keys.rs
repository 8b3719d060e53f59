//! What is typed while a run goes on.

use ploy_tests::{Program, Running, Screen};

/// Counts to twenty in four seconds.
pub(crate) const SLOW: &str =
    "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do echo $i; sleep 0.2; done";

/// Starts the probe on a terminal of this size.
pub(crate) fn start(
    columns: u16,
    rows: u16,
    script: &str,
    arguments: &[&str],
) -> (Running, Screen) {
    Program::new("probe", arguments)
        .env("PROBE_SCRIPT", script)
        .start_on_terminal_of(columns, rows, ":")
}

/// Starts the job `script` from a shell's script there.
pub(crate) fn on_terminal(columns: u16, rows: u16, script: &str, shell: &str) -> (Running, Screen) {
    Program::new("probe", ["script", "--roles", "web"])
        .env("PROBE_SCRIPT", script)
        .start_shell_on_terminal_of(columns, rows, shell)
}

/// How many lines begin so.
fn count(lines: &[String], begin: &str) -> usize {
    lines.iter().filter(|line| line.starts_with(begin)).count()
}

#[test]
fn enter_tells_what_runs_above_what_is_drawn() {
    let (mut running, screen) = start(80, 24, "echo one; sleep 3", &["script", "--roles", "web"]);
    screen.wait_for("] 0/3 tasks · 3 running");
    running.type_keys("\r");
    let answer = |lines: &[String]| count(lines, "0/3 tasks · 3 running · 00:0") == 1;
    let seen = screen.wait_until("the answer", answer);
    let at = seen
        .iter()
        .position(|line| line.starts_with("0/3"))
        .unwrap();
    let told: Vec<&String> = seen[..at].iter().rev().take(6).rev().collect();
    let mut starts = told
        .iter()
        .filter(|line| line.contains(" $ echo one; sleep 3"));
    for site in ["web1", "web2", "web3"] {
        let start = starts.next().unwrap();
        assert!(
            start.starts_with(&format!("{site} script 00:0")),
            "{screen}"
        );
    }
    assert_eq!(
        seen.iter()
            .filter(|line| line.trim_start() == "| one")
            .count(),
        3,
        "{screen}"
    );
    // An empty line, and what is drawn.
    assert_eq!(seen[at + 1], "", "{screen}");
    assert!(seen[at + 2].contains("] 0/3 tasks"), "{screen}");
    let finished = running.finish().exited(0);
    let history = screen.history();
    assert!(
        !history
            .iter()
            .any(|line| line.contains("] 0/3") || line.is_empty()),
        "{screen}"
    );
    finished.assert_clean();
}

#[test]
fn a_question_mark_tells_the_keys_and_many_keys_leave_no_pieces() {
    let (mut running, screen) = start(80, 24, SLOW, &["script", "--roles", "web"]);
    screen.wait_for("] 0/3 tasks · 3 running");
    for _ in 0..10 {
        running.type_keys("\r");
        std::thread::sleep(std::time::Duration::from_millis(30));
    }
    running.type_keys("?\r");
    screen.wait_for("keys: Enter tells what runs");
    let finished = running.finish().exited(0);
    let history = screen.history();
    assert!(
        !history.iter().any(|line| line.contains("] 0/3")),
        "{screen}"
    );
    assert!(count(&history, "0/3 tasks · 3 running") >= 1, "{screen}");
    assert_eq!(count(&history, "web2 | "), 20, "{screen}");
    finished.assert_clean();
}

#[test]
fn enter_is_answered_where_nothing_is_drawn() {
    let arguments = ["script", "--roles", "web", "--progress", "never"];
    let (mut running, screen) = start(80, 24, "echo one; sleep 5", &arguments);
    screen.wait_for("web3 | one");
    running.type_keys("\r");
    screen.wait_for("0/3 tasks · 3 running · 00:0");
    running.finish().exited(0).assert_clean();
    assert_eq!(count(&screen.history(), "] 0/3"), 0, "{screen}");
}

#[test]
fn the_terminal_is_as_it_was() {
    let program =
        Program::new("probe", ["script", "--roles", "web"]).env("PROBE_SCRIPT", "sleep 3");
    let (mut running, screen) = program.start_on_terminal_of(80, 24, "stty -a");
    screen.wait_for("] 0/3 tasks");
    running.type_keys("\r");
    let finished = running.finish().exited(0);
    for mode in [" echo ", " icanon ", "isig "] {
        assert!(finished.out().contains(mode), "{screen}");
    }
    // Nor was the cursor ever hidden.
    assert!(!finished.out().contains("\x1b[?25"), "{screen}");
}

#[test]
fn what_is_typed_is_for_the_shell_while_it_is_in_the_background() {
    let script = "set -m; \"$0\" \"$@\" & read -r line; echo \"the shell read $line\"; wait $!";
    let (mut running, screen) = on_terminal(80, 24, SLOW, script);
    screen.wait_for("web3 | 5");
    running.type_keys("this\r");
    screen.wait_for("the shell read this");
    running.finish().exited(0).assert_clean();
    let history = screen.history();
    assert_eq!(count(&history, "keys: "), 0, "{screen}");
    assert!(
        !history.iter().any(|line| line.contains(" tasks · ")),
        "{screen}"
    );
}

#[test]
fn what_is_typed_is_for_whoever_reads_our_output() {
    // Like a pager, it reads keys from the terminal.
    let script = "\"$0\" \"$@\" | { read -r line </dev/tty; echo \"the pager read $line\"; cat >/dev/null; }";
    let (mut running, screen) = on_terminal(80, 24, SLOW, script);
    screen.wait_for("] 0/3 tasks");
    running.type_keys("this\r");
    screen.wait_for("the pager read this");
    running.finish().exited(0).assert_clean();
}

#[test]
fn commands_on_this_machine_read_nothing_of_it() {
    let script = "read -r line; echo \"read: '$line' ($?)\"; sleep 1";
    let (mut running, screen) = start(80, 24, script, &["script", "--roles", "web"]);
    running.type_keys("mine\r");
    for site in ["web1", "web2", "web3"] {
        screen.wait_for(&format!("{site} | read: '' (1)"));
    }
    running.finish().exited(0).assert_clean();
}
