//! A person at a terminal, who is asked.

use std::time::Duration;

use ploy_tests::{Finished, Running};
use rustix::process::Signal;

use super::{PASSWORD, PasswordFile, Sudo};

/// Says at the end how the terminal is.
const STATE: &str = "stty -a </dev/tty";

impl Sudo {
    /// Starts it on a terminal, and tells the terminal's modes when it has ended.
    fn at_terminal(&self, arguments: &[&str]) -> Running {
        self.program(arguments)
            .on_terminal_with(STATE)
            .with_keys()
            .start()
    }
}

/// How many questions have had an answer: lines that others put out may have had one written again.
fn questions(out: &str) -> usize {
    out.matches("]: \r\n").count()
}

fn question(running: &Running, time: usize) {
    running.wait_for(time, "[sudo] password of");
}

/// The terminal is as it was: it shows what is typed, line by line, and knows Ctrl-C.
fn is_restored(finished: &Finished) -> bool {
    let out = finished.out();
    [" echo ", " icanon ", "isig "]
        .iter()
        .all(|mode| out.contains(mode))
}

#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn one_question_is_for_all_and_shows_nothing() {
    let sudo = Sudo::all();
    let mut running = sudo.at_terminal(&["as-root", "-r", "many"]);
    question(&running, 1);
    running.wait_for(1, " (domain prod) for web[1-3],host[1-20]: ");
    // A slip of the finger, and another word first.
    running.type_keys(&format!("not this\x15{PASSWORD}ü\x7fx\x08\r"));
    let finished = running.finish().exited(0);
    let out = finished.out();
    assert_eq!(questions(&out), 1, "{out}");
    assert_eq!(out.matches("| root").count(), 20, "{out}");
    assert!(
        !out.contains(PASSWORD.trim()) && !out.contains("not this"),
        "{out}"
    );
    assert!(is_restored(&finished), "{out}");
    finished.assert_clean();
}

#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn a_wrong_answer_is_followed_by_another_question() {
    let sudo = Sudo::all();
    let mut running = sudo.at_terminal(&["as-root", "-r", "web"]);
    question(&running, 1);
    running.type_keys("wrong password\r");
    question(&running, 2);
    running.wait_for(1, "rejected that password (4 of 5 tries left)");
    // Nobody hears it a second time.
    running.type_keys("wrong password\r");
    question(&running, 3);
    running.wait_for(1, "that one was rejected already (3 of 5 tries left)");
    running.type_keys(&format!("{PASSWORD}\r"));
    let finished = running.finish().exited(0);
    let out = finished.out();
    assert_eq!(out.matches("| root").count(), 3, "{out}");
    assert!(!out.contains("Sorry") && !out.contains("wrong"), "{out}");
    assert!(is_restored(&finished), "{out}");
    finished.assert_clean();
}

#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn five_wrong_answers_are_enough() {
    let sudo = Sudo::all();
    let mut running = sudo.at_terminal(&["as-root", "-r", "web"]);
    question(&running, 1);
    for time in 1..=5 {
        // A question that is written again is no other.
        running.wait_for(time - 1, "tries left)\r\n[sudo] password of");
        running.type_keys(&format!("wrong password {time}\r"));
    }
    let finished = running.finish().exited(1);
    let out = finished.out();
    assert_eq!(questions(&out), 5, "{out}");
    assert!(out.contains("rejected the password 5 times"), "{out}");
    assert!(!out.contains("| root"), "{out}");
    assert!(is_restored(&finished), "{out}");
    finished.assert_clean();
}

#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn what_others_put_out_stands_above_the_question() {
    let sudo = Sudo::all();
    let program = sudo
        .program(&["as-root", "-r", "web"])
        .env("PROBE_TICKS", "1");
    let mut running = program.on_terminal_with(STATE).with_keys().start();
    question(&running, 1);
    running.wait_for(1, "tick 10");
    running.type_keys(&format!("{PASSWORD}\r"));
    let finished = running.finish().exited(0);
    let out = finished.out();
    // Each line takes the question away, and puts it back below.
    let ticks: Vec<&str> = out.lines().filter(|line| line.contains("| tick")).collect();
    assert_eq!(ticks.len(), 10, "{out}");
    let after = ticks
        .iter()
        .filter(|line| line.contains("\r\x1b[K"))
        .count();
    assert!(after >= 5, "{out:?}");
    for line in ticks {
        let shown = line.rsplit("\x1b[K").next().unwrap();
        assert!(!shown.contains("[sudo]"), "{line:?}");
    }
    assert!(out.contains("| root") && is_restored(&finished), "{out}");
    finished.assert_clean();
}

#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn who_breaks_it_off_ends_the_run() {
    let sudo = Sudo::all();
    for (keys, code) in [("half\x03", 130), ("\x1a", 130)] {
        let mut running = sudo.at_terminal(&["as-root", "-r", "web"]);
        question(&running, 1);
        running.type_keys(keys);
        let finished = running.finish().exited(code);
        let out = finished.out();
        assert!(
            out.contains("interrupted:") && !out.contains("half"),
            "{out}"
        );
        assert!(is_restored(&finished), "{out}");
        finished.assert_clean();
    }
    // Nothing comes any more.
    let mut running = sudo.at_terminal(&["as-root", "-r", "web"]);
    question(&running, 1);
    running.type_keys("\x04");
    let finished = running.finish().exited(1);
    assert!(is_restored(&finished), "{}", finished.out());
}

#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn a_signal_restores_the_terminal() {
    let sudo = Sudo::all();
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 143)] {
        for early in [false, true] {
            let arguments = ["as-root", "-r", "web", "--ask-sudo-pass"];
            let running = sudo.at_terminal(if early { &arguments } else { &arguments[..3] });
            question(&running, 1);
            running.mark().signal("probe", signal);
            let finished = running.finish().exited(code);
            assert!(is_restored(&finished), "{}", finished.out());
        }
    }
}

#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn it_is_asked_before_anything_runs_where_that_is_wanted() {
    let sudo = Sudo::all();
    let mut running = sudo.at_terminal(&["as-root", "--ask-sudo-pass", "-r", "web"]);
    question(&running, 1);
    std::thread::sleep(Duration::from_millis(300));
    assert!(!running.output().contains("id -un"), "{}", running.output());
    running.type_keys("wrong password\r");
    question(&running, 2);
    running.type_keys(&format!("{PASSWORD}\r"));
    let finished = running.finish().exited(0);
    let out = finished.out();
    assert_eq!(questions(&out), 2, "{out}");
    assert_eq!(out.matches("| root").count(), 3, "{out}");
    finished.assert_clean();
    // Who gives up has run nothing.
    let mut running = sudo.at_terminal(&["as-root", "--ask-sudo-pass", "-r", "web"]);
    question(&running, 1);
    running.type_keys("\x04");
    let out = running.finish().exited(6).out();
    assert!(
        out.contains("nothing was run") && !out.contains("id -un"),
        "{out}"
    );
    // Who needs none is not asked.
    sudo.user.may("USER ALL=(ALL) NOPASSWD: ALL");
    let running = sudo.at_terminal(&["as-root", "--ask-sudo-pass", "-r", "web"]);
    let out = running.finish().exited(0).out();
    assert!(!out.contains("[sudo]"), "{out}");
}

#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn without_a_terminal_it_fails_at_once_and_says_what_to_do() {
    let sudo = Sudo::all();
    let finished = sudo
        .program(&["as-root", "by-job", "-r", "web"])
        .without_terminal()
        .run()
        .exited(1);
    let err = finished.err();
    for text in [
        "there is no terminal to ask on",
        "--sudo-pass-file",
        "NOPASSWD",
    ] {
        assert!(err.contains(text), "{err}");
    }
    finished.assert_clean();
}

#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn it_comes_from_a_file_a_descriptor_or_a_command() {
    let sudo = Sudo::all();
    let file = PasswordFile::new();
    let path = file.path();
    file.chmod(0o644);
    let finished = sudo
        .program(&["by-job", "--sudo-pass-file", path])
        .without_terminal()
        .run()
        .exited(2);
    assert!(finished.err().contains("chmod 600"), "{}", finished.err());
    file.chmod(0o600);
    let cat = format!("cat {path}");
    for arguments in [["--sudo-pass-file", path], ["--sudo-pass-command", &cat]] {
        let arguments = [&["by-job", "-r", "web"][..], &arguments].concat();
        let finished = sudo.program(&arguments).without_terminal().run().exited(0);
        assert_eq!(
            finished.out().matches("| root").count(),
            3,
            "{}",
            finished.out()
        );
        finished.assert_clean();
    }
    let program = sudo
        .program(&["by-job", "-r", "web", "--sudo-pass-fd", "0"])
        .without_terminal();
    let mut running = program.with_keys().start();
    running.type_keys(&format!("{PASSWORD}\n"));
    running.close_keys();
    let finished = running.finish().exited(0);
    assert_eq!(
        finished.out().matches("| root").count(),
        3,
        "{}",
        finished.out()
    );
    let finished = sudo
        .program(&["by-job", "--sudo-pass-command", "exit 3"])
        .without_terminal()
        .run()
        .exited(2);
    assert!(
        finished.err().contains("nothing was run"),
        "{}",
        finished.err()
    );
}

#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn the_time_that_somebody_thinks_is_not_the_commands() {
    let sudo = Sudo::all();
    for (script, code) in [("id -un", 0), ("sleep 30", 1)] {
        let program = sudo
            .program(&["as-root", "-r", "web"])
            .env("PROBE_TIMEOUT", "2")
            .env("PROBE_SCRIPT", script);
        let mut running = program.on_terminal_with(STATE).with_keys().start();
        question(&running, 1);
        std::thread::sleep(Duration::from_secs(3));
        running.type_keys(&format!("{PASSWORD}\r"));
        let out = running.finish().exited(code).out();
        assert_eq!(out.contains("it ran longer than 2 s"), code == 1, "{out}");
    }
}

#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn two_domains_are_asked_for_one_after_the_other() {
    let sudo = Sudo::all();
    let program = sudo
        .program(&["as-root", "-r", "web"])
        .env("PROBE_FIRST_DOMAIN", "test");
    let mut running = program.on_terminal_with(STATE).with_keys().start();
    question(&running, 1);
    std::thread::sleep(Duration::from_millis(500));
    let first = running.output();
    assert!(
        first.contains("(domain test)") != first.contains("(domain prod)"),
        "{first}"
    );
    running.type_keys(&format!("{PASSWORD}\r"));
    running.wait_for(
        1,
        if first.contains("(domain test)") {
            "(domain prod)"
        } else {
            "(domain test)"
        },
    );
    running.type_keys(&format!("{PASSWORD}\r"));
    let finished = running.finish().exited(0);
    assert_eq!(
        finished.out().matches("| root").count(),
        3,
        "{}",
        finished.out()
    );
    assert!(is_restored(&finished), "{}", finished.out());
}

#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn a_panic_restores_the_terminal() {
    let sudo = Sudo::all();
    let running = sudo.at_terminal(&["panic-asking"]);
    question(&running, 1);
    let finished = running.finish().exited(1);
    let out = finished.out();
    assert!(
        out.contains("no such luck") && is_restored(&finished),
        "{out}"
    );
    finished.assert_clean();
}

/// Whoever changes the modes of a terminal from its background is stopped.
#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn in_the_background_nobody_is_asked() {
    let sudo = Sudo::all();
    let program = sudo.program(&["by-job", "-r", "web"]);
    let out = program.in_background_of_terminal().run().exited(1).out();
    assert!(out.contains("in the background of its terminal"), "{out}");
    assert!(out.contains("--sudo-pass-file"), "{out}");
}
