//! What runs, drawn at the bottom of a terminal that somebody looks at.

use ploy_tests::{Program, Running, Screen, until};

use crate::keys::{SLOW, on_terminal, start};

/// Whether a line is one of those that are drawn.
fn is_drawn(line: &str) -> bool {
    line.contains(" tasks · ") || line.starts_with("… and ")
}

/// The lines that are drawn, once they are so many, and the first of them is like this.
fn drawn(screen: &Screen, count: usize, like: &str) -> Vec<String> {
    let begin = |lines: &[String]| lines.iter().position(|line| is_drawn(line));
    let seen = screen.wait_until(like, |lines| {
        begin(lines).is_some_and(|at| lines.len() - at == count && lines[at].contains(like))
    });
    // An empty line is above them, on which the cursor rests.
    let at = begin(&seen).unwrap();
    assert_eq!(seen[at - 1], "", "{seen:#?}");
    until("the cursor rests above what is drawn", || {
        let at = begin(&screen.lines()).unwrap_or_default();
        screen.cursor()
            == u16::try_from(at)
                .unwrap()
                .checked_sub(1)
                .map(|row| (row, 0))
    });
    seen[at..].to_vec()
}

/// Waits for the end, and sees that nothing of what was drawn is left: not on the screen, and not
/// in what went by.
fn end(running: Running, screen: &Screen, code: i32) -> Vec<String> {
    let finished = running.finish().exited(code);
    let history = screen.history();
    assert!(!history.iter().any(|line| is_drawn(line)), "{screen}");
    let below = u16::try_from(screen.lines().len()).unwrap();
    assert_eq!(screen.cursor(), Some((below, 0)), "{screen}");
    finished.assert_clean();
    history
}

#[test]
fn what_runs_is_drawn_below_what_goes_by_and_is_gone_at_the_end() {
    for (columns, rows) in [(80, 24), (200, 50)] {
        let script = "echo one; sleep 4; echo two";
        let (running, screen) = start(columns, rows, script, &["script", "--roles", "web"]);
        screen.wait_until("what all three said", |lines| {
            lines
                .iter()
                .filter(|line| line.contains(" 00:0") && line.ends_with("| one"))
                .count()
                == 3
        });
        let seen = drawn(&screen, 4, "] 0/3 tasks · 3 running · 00:0");
        for (line, site) in seen[1..].iter().zip(["web1", "web2", "web3"]) {
            assert!(line.starts_with(&format!("{site} script 00:0")), "{screen}");
        }
        let history = end(running, &screen, 0);
        assert_eq!(history.len(), 3 * 4 + 1, "{screen}");
        assert!(history[12].starts_with("done: 3 tasks"), "{screen}");
    }
}

#[test]
fn of_a_hundred_sites_as_many_are_drawn_as_fit() {
    // They say much, so that lines go by all the time.
    let script = "for i in 1 2 3 4 5 6 7 8 9 10; do echo line $i; sleep 0.1; done";
    let (running, screen) = start(80, 24, script, &["crowd"]);
    let seen = drawn(&screen, 15, "0/100 tasks · 32 running");
    for (line, number) in seen[1..14].iter().zip(1..) {
        assert!(line.starts_with(&format!("local{number} ")), "{screen}");
    }
    assert_eq!(seen[14], "… and 19 more", "{screen}");
    let history = end(running, &screen, 0);
    let of_sites = history
        .iter()
        .filter(|line| line.starts_with("local"))
        .count();
    assert_eq!(of_sites, 100 * 12, "{screen}");
    for number in [1, 50, 100] {
        let of = format!("local{number:<4}| line ");
        let lines = history.iter().filter(|line| line.starts_with(&of)).count();
        assert_eq!(lines, 10, "{of}");
    }
}

#[test]
fn a_terminal_that_changes_its_size_shows_no_pieces_of_what_was_drawn() {
    let arguments = ["crowd", "--limit", "local[1-20]"];
    let (running, screen) = start(80, 24, "echo one; sleep 12", &arguments);
    // Each time the clock has just been drawn, so that nothing of the old size is on its way: what
    // this terminal shows of that would be another matter.
    let just_drawn = |count, text| {
        drawn(&screen, count, text);
        let before = screen.lines();
        screen.wait_until("the next second", |lines| lines != before);
        drawn(&screen, count, text);
    };
    just_drawn(15, "0/20 tasks · 20 running · 00:0");
    screen.resize(40, 18);
    just_drawn(11, "0/20 tasks · 20 running · 00:0");
    screen.resize(20, 13);
    just_drawn(8, "0/20 tasks · 20 r");
    screen.resize(200, 50);
    drawn(&screen, 21, "0/20 tasks · 20 running · 00:0");
    let first = |line: &&String| line.contains("0/20 tasks");
    assert_eq!(screen.lines().iter().filter(first).count(), 1, "{screen}");
    let finished = running.finish().exited(0);
    assert!(
        !screen.history().iter().any(|line| is_drawn(line)),
        "{screen}"
    );
    finished.assert_clean();
}

#[test]
fn nothing_is_drawn_while_somebody_is_asked() {
    let (mut running, screen) = start(80, 24, SLOW, &["ask"]);
    let question = "[sudo] password for prod:";
    let seen = screen.wait_until(question, |lines| {
        lines.last().is_some_and(|line| line.contains(question))
            && lines.iter().any(|line| line.ends_with("| 3"))
    });
    assert!(!seen.iter().any(|line| is_drawn(line)), "{screen}");
    // It is no key for whoever tells what runs.
    running.type_keys("opensesame\r");
    drawn(&screen, 3, "1/3 tasks · 2 running");
    running.type_keys("\r");
    screen.wait_until("the answer", |lines| {
        lines
            .iter()
            .any(|line| line.starts_with("1/3 tasks · 2 running · 00:0"))
    });
    let finished = running.finish().exited(0);
    let history = screen.history().join("\n");
    assert!(!history.contains("sesame"), "{screen}");
    assert_eq!(history.matches(question).count(), 1, "{screen}");
    assert_eq!(history.matches("] 1/3 tasks").count(), 0, "{screen}");
    finished.assert_clean();
}

#[test]
fn nothing_is_left_after_a_failure_a_panic_or_a_signal() {
    let (running, screen) = start(80, 24, "sleep 3; exit 3", &["script", "--roles", "web"]);
    drawn(&screen, 4, "3 running");
    let history = end(running, &screen, 1);
    assert!(
        history
            .iter()
            .any(|line| line.starts_with("failed: script on web"))
    );

    let (running, screen) = start(80, 24, "", &["panic-late"]);
    drawn(&screen, 2, "1 running");
    end(running, &screen, 1);

    let (mut running, screen) = start(80, 24, "sleep 60", &["crowd"]);
    drawn(&screen, 15, "32 running");
    running.type_keys("\x03");
    let history = end(running, &screen, 130);
    assert!(
        history.iter().any(|line| line.starts_with("interrupted: ")),
        "{screen}"
    );
    assert!(!history.iter().any(|line| line.contains("^C")), "{screen}");

    let script = "\"$0\" \"$@\" & until test -e there; do sleep 0.1; done; kill $!; wait $!";
    let folder = tempfile::tempdir().unwrap();
    let script = format!("cd {}; {script}", folder.path().display());
    let program =
        Program::new("probe", ["script", "--roles", "web"]).env("PROBE_SCRIPT", "sleep 60");
    let (running, screen) = program.start_shell_on_terminal_of(80, 24, &script);
    drawn(&screen, 4, "3 running");
    std::fs::write(folder.path().join("there"), "").unwrap();
    end(running, &screen, 143);
}

#[test]
fn a_second_interrupt_is_drawn_too() {
    let (mut running, screen) = start(80, 24, "", &["stubborn"]);
    drawn(&screen, 4, "3 running");
    screen.wait_until("what it says", |lines| {
        let mut lines = lines.iter();
        lines.any(|line| line.starts_with("web3 stubborn 00:0") && line.ends_with("| asleep"))
    });
    running.type_keys("\x03");
    drawn(&screen, 4, " · ending, 00:");
    running.type_keys("\x03");
    end(running, &screen, 130);
}

#[test]
fn the_standard_output_is_exact_where_it_goes_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out");
    let script = format!("set -o pipefail; \"$0\" \"$@\" | cat >{}", file.display());
    let program = Program::new("probe", ["script", "--roles", "web1"]).env("PROBE_SCRIPT", SLOW);
    let (running, screen) = program.start_shell_on_terminal_of(80, 24, &script);
    let seen = drawn(&screen, 2, "] 0/1 tasks · 1 running");
    assert!(seen[1].starts_with("web1 script 00:0"), "{screen}");
    end(running, &screen, 0);
    let lines: String = (1..=20)
        .map(|number| format!("web1 | {number}\n"))
        .collect();
    assert_eq!(std::fs::read_to_string(file).unwrap(), lines);
}

#[test]
fn nothing_is_drawn_where_nobody_wants_it_or_nothing_can() {
    for (name, value, arguments) in [
        ("TERM", "dumb", &[][..]),
        ("CI", "true", &[]),
        ("PLOY_PROGRESS", "never", &[]),
        ("PLOY_PROGRESS", "auto", &["--progress", "never"]),
    ] {
        let script = format!("export {name}={value}; \"$0\" \"$@\"");
        let arguments = ["script", "--roles", "web", "--color", "never"]
            .iter()
            .chain(arguments);
        let program = Program::new("probe", arguments).env("PROBE_SCRIPT", "echo one; sleep 1");
        let (running, screen) = program.start_shell_on_terminal_of(80, 24, &script);
        let finished = running.finish().exited(0);
        assert!(
            !finished.out().contains('\x1b'),
            "{name}={value}:\n{}",
            finished.out()
        );
        assert_eq!(screen.lines().len(), 3 * 3 + 1, "{name}={value}:\n{screen}");
    }
}

#[test]
fn a_wish_that_means_nothing_is_a_mistake() {
    let job = || Program::new("probe", ["succeed", "--roles", "web"]);
    let finished = job().env("PLOY_PROGRESS", "nevr").run().exited(2);
    for part in [
        "invalid value 'nevr' for '--progress <WHEN>'",
        "a similar value exists: 'never'",
        "note: the value comes from the environment variable PLOY_PROGRESS",
    ] {
        assert!(finished.err().contains(part), "{}", finished.err());
    }
    job()
        .env("PLOY_PROGRESS", "")
        .run()
        .exited(0)
        .assert_clean();
    let finished = Program::new("probe", ["list", "--progress", "never"])
        .run()
        .exited(2);
    let expected = "error: `--progress` means nothing to the command `list`\n";
    assert!(finished.err().starts_with(expected), "{}", finished.err());
}

#[test]
fn nothing_is_drawn_while_it_is_stopped_or_in_the_background() {
    let script = "set -m; \"$0\" \"$@\"; echo stopped; read -r line; echo \"the shell read $line\"
        bg; read -r line; echo \"and then $line\"; fg";
    let (mut running, screen) = on_terminal(80, 24, SLOW, script);
    drawn(&screen, 4, "3 running");
    running.type_keys("\x1a");
    let seen = screen.wait_for("stopped");
    assert!(!seen.iter().any(|line| is_drawn(line)), "{screen}");
    running.type_keys("one\r");
    screen.wait_for("the shell read one");
    // In the background it goes on, and leaves what is typed to the shell.
    let before = screen.history().len();
    until("lines go by", || screen.history().len() > before + 4);
    assert!(
        !screen.history().iter().any(|line| is_drawn(line)),
        "{screen}"
    );
    running.type_keys("two\r");
    screen.wait_for("and then two");
    drawn(&screen, 4, "3 running");
    end(running, &screen, 0);
}
