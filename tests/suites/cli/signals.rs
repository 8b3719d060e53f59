//! Signals to a real program, with commands on this machine.

use ploy_tests::{Program, Running};
use rustix::process::Signal;

fn asleep(job: &str, sites: usize) -> Running {
    let running = Program::new("probe", [job]).start();
    running.wait_for(sites, "| asleep");
    running
}

#[test]
fn an_interrupt_ends_commands_with_their_children() {
    let running = asleep("sleep", 3);
    ploy_tests::until("all of them sleep", || {
        running.mark().running("sleep 100").len() >= 9
    });
    running.signal(Signal::INT);
    let finished = running.finish().exited(130);
    assert!(
        finished
            .err()
            .contains("cancelled: 3 tasks cancelled on 3 sites"),
        "{}",
        finished.err()
    );
    finished.assert_clean();
}

#[test]
fn sigterm_and_hangup_end_commands_too() {
    for signal in [Signal::TERM, Signal::HUP] {
        let running = asleep("sleep", 3);
        running.signal(signal);
        running.finish().exited(143).assert_clean();
    }
}

#[test]
fn a_second_interrupt_kills_what_ignores_the_first() {
    let running = asleep("stubborn", 3);
    running.signal(Signal::INT);
    running.wait_for(1, "interrupted:");
    assert!(
        !running.mark().running("while :").is_empty(),
        "it was to ignore TERM"
    );
    running.signal(Signal::INT);
    running.finish().exited(130).assert_clean();
}

#[test]
fn a_killed_program_leaves_nothing() {
    for job in ["sleep", "stubborn"] {
        let running = asleep(job, 3);
        running.signal(Signal::KILL);
        let finished = running.finish();
        assert_eq!(finished.signal, Some(9));
        finished.assert_clean();
    }
}

#[test]
fn a_local_command_of_a_site_ends_too() {
    let running = asleep("local-sleep", 1);
    running.signal(Signal::INT);
    running.finish().exited(130).assert_clean();
}
