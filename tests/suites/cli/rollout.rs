//! The roll-out of the examples, as a user runs it.

use ploy_tests::{Finished, Program};

/// Runs it, and returns the sites that serve a page then.
fn rollout(arguments: &[&str], broken: &str) -> (Finished, Vec<String>) {
    let finished = Program::new("rollout", arguments)
        .env("ROLLOUT_BREAK", broken)
        .run();
    let folder = finished.temporary.path().join("ploy-rollout");
    let serves = |site: &String| {
        folder
            .join(site)
            .join("current")
            .metadata()
            .is_ok_and(|page| page.len() > 0)
    };
    let sites = (1..=8)
        .map(|number| format!("web{number}"))
        .filter(serves)
        .collect();
    finished.mark.wait_until_gone(|_| false);
    (finished, sites)
}

/// The lines that hold this text, less the time.
fn lines<'a>(text: &'a str, part: &str) -> Vec<&'a str> {
    text.lines().filter(|line| line.contains(part)).collect()
}

#[test]
fn all_groups_are_switched_over_and_checked() {
    let (finished, sites) = rollout(&["release"], "");
    let finished = finished.exited(0);
    assert_eq!(sites.len(), 8);
    let text = finished.err();
    assert_eq!(lines(&text, "checks `healthy`").len(), 2, "{text}");
    assert_eq!(
        lines(&text, "has ended in the background").len(),
        8,
        "{text}"
    );
    assert_eq!(
        lines(&text, "stage 2 is not run (it runs if `roll-out` fails)").len(),
        1,
        "{text}"
    );
    assert_eq!(
        lines(
            &text,
            "> switched over: web1 web2 web3 web4 web5 web6 web7 web8"
        )
        .len(),
        1,
        "{text}"
    );
}

#[test]
fn a_check_stops_the_roll_out_and_the_schedule_takes_it_back() {
    let (finished, sites) = rollout(&["release"], "web3");
    let finished = finished.exited(1);
    assert_eq!(sites, Vec::<String>::new(), "all is taken back");
    let text = finished.err();
    assert_eq!(
        lines(&text, "because the check before it failed").len(),
        10,
        "{text}"
    );
    assert_eq!(lines(&text, "= roll-back").len(), 8, "{text}");
    assert_eq!(
        lines(&text, "> switched over: web1 web2 web3").len(),
        1,
        "{text}"
    );
    assert!(
        text.contains("failed: healthy on group 2 of 3 (healthy, ploy/examples/rollout.rs:"),
        "{text}"
    );
}

#[test]
fn options_of_the_command_line_reach_the_stage() {
    let (finished, sites) = rollout(
        &["fetch", "switch", "--groups", "3", "-l", "web[2-5]!web3"],
        "",
    );
    assert_eq!(sites, ["web2", "web4", "web5"]);
    let started = finished.exited(0).err();
    assert!(
        started.contains("done: 6 tasks succeeded on 3 sites"),
        "{started}"
    );
    let (finished, sites) = rollout(&["fetch", "switch", "--once", "-m", "sequential"], "");
    assert_eq!(
        (finished.exited(0).code, sites),
        (Some(0), vec!["web1".to_owned()])
    );
}

#[test]
fn a_barrier_in_atomic_mode_is_told() {
    let (finished, _) = rollout(&["fetch", "--mode", "atomic"], "");
    // The failure of the first task is one more than an atomic stage allows.
    let text = finished.exited(3).err();
    assert!(
        text.contains("in atomic mode one task runs at a time, so nobody else could come"),
        "{text}"
    );
    assert!(text.contains("(fetch, ploy/examples/rollout.rs:"), "{text}");
}
