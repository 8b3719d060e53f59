//! Every end of a run, with every kind of work running: nothing of it is left, here or there.
//!
//! A command watches itself, unless it reads an input: then a reaper does. The work has both.

use std::time::Duration;

use ploy_tests::{Connections, Finished, Namespace, Program, Running, Server, ServerOptions};
use ploy_tests::{Survivor, until};
use rustix::process::Signal;

/// An end of a run, and the exit code with which the program tells of it.
struct End {
    name: &'static str,
    code: Option<i32>,
    /// Whether the work ignores every signal that can be ignored.
    stubborn: bool,
    bring_about: fn(&Running),
}

const ENDS: [End; 6] = [
    End {
        name: "interrupted",
        code: Some(130),
        stubborn: false,
        bring_about: |running| running.signal(Signal::INT),
    },
    End {
        name: "terminated",
        code: Some(143),
        stubborn: false,
        bring_about: |running| running.signal(Signal::TERM),
    },
    End {
        name: "interrupted twice",
        code: Some(130),
        stubborn: true,
        bring_about: |running| {
            running.signal(Signal::INT);
            running.wait_for(1, "interrupted:");
            running.signal(Signal::INT);
        },
    },
    End {
        name: "failed in the middle",
        code: Some(1),
        stubborn: false,
        bring_about: |running| std::fs::write(running.temporary().join("fail"), "").unwrap(),
    },
    End {
        name: "killed",
        code: None,
        stubborn: false,
        bring_about: |running| running.signal(Signal::KILL),
    },
    End {
        name: "killed, with stubborn work",
        code: None,
        stubborn: true,
        bring_about: |running| running.signal(Signal::KILL),
    },
];

/// How many commands the work has on each site.
pub(super) const COMMANDS: usize = 6;

const STUBBORN: &str = "trap '' HUP INT TERM; ";

/// The program with its work, on these sites.
pub(super) fn work(sites: &str, stubborn: bool) -> Program {
    let program = Program::new("probe", ["work", "--limit", sites]);
    let file = program.temporary().join("fail");
    let before = if stubborn { STUBBORN } else { "" };
    program.env("PROBE_FAIL", file).env("PROBE_BEFORE", before)
}

/// The program with its work on five hosts of a server, whose connections are five.
fn remote(server: &Server, stubborn: bool) -> Running {
    let running = work("host[1-5]", stubborn)
        .env("PROBE_CONFIG", server.config())
        .start();
    running.wait_for(5 * COMMANDS, "| asleep");
    running
}

/// Checks that the program that has ended left nothing on its own side but connections.
pub(super) fn assert_nothing_here(finished: &Finished) {
    finished.mark.wait_until_gone(Survivor::is_master);
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn on_hosts() {
    for end in ENDS {
        let server = Server::start();
        let running = remote(&server, end.stubborn);
        (end.bring_about)(&running);
        let finished = running.finish();
        assert_eq!(finished.code, end.code, "{}: {}", end.name, finished.err());
        println!("{}", end.name);
        server.assert_empty();
        assert_nothing_here(&finished);
        if end.code.is_some() {
            std::fs::remove_file(finished.temporary.path().join("fail")).ok();
            finished.assert_clean();
        }
    }
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn on_this_machine() {
    for end in ENDS {
        let running = work("web", end.stubborn).start();
        running.wait_for(3 * COMMANDS, "| asleep");
        (end.bring_about)(&running);
        let finished = running.finish();
        assert_eq!(finished.code, end.code, "{}: {}", end.name, finished.err());
        println!("{}", end.name);
        assert_nothing_here(&finished);
    }
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn after_a_time_out() {
    let server = Server::start();
    let remote = ("host[1-5]", 5, Some(server.config()));
    for (sites, count, config) in [remote, ("web", 3, None)] {
        let mut program = Program::new("probe", ["work", "--limit", sites, "--timeout", "15s"]);
        if let Some(config) = config {
            program = program.env("PROBE_CONFIG", config);
        }
        let running = program.start();
        running.wait_for(count * COMMANDS, "| asleep");
        let finished = running.finish().exited(1);
        assert!(finished.err().contains("told to end"), "{}", finished.err());
        server.assert_empty();
        finished.assert_clean();
    }
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn when_the_server_restarts() {
    for stubborn in [false, true] {
        let mut server = Server::start();
        let running = remote(&server, stubborn);
        server.restart();
        assert_lost(running, &server, 5);
    }
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn when_the_connections_are_cut() {
    let server = Server::start();
    let running = remote(&server, false);
    server.cut();
    assert_lost(running, &server, 5);
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn when_the_masters_are_killed() {
    for stubborn in [false, true] {
        let server = Server::start();
        let running = remote(&server, stubborn);
        assert_eq!(running.connections().masters().len(), 5);
        running.connections().kill_masters();
        assert_lost(running, &server, 5);
    }
}

/// Waits until it tells that it has lost so many hosts, and until nothing is left.
fn assert_lost(running: Running, server: &Server, hosts: usize) {
    let finished = running.finish_within(Duration::from_secs(120)).exited(4);
    let err = finished.err();
    for host in 1..=hosts {
        let expected = format!("host{host} x work: the site is unreachable");
        assert!(err.contains(&expected), "{err}");
    }
    // Those that failed alike are told as one.
    let failures = err.matches("\nfailed: work on host").count();
    let lost = err
        .lines()
        .filter(|line| line.starts_with("  the connection to host") && line.ends_with(" was lost"));
    assert!(failures > 0 && lost.count() == failures, "{err}");
    server.assert_empty();
    assert_nothing_here(&finished);
}

/// A network that is cut tells nobody: each side finds out by what does not come any more.
#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn when_the_network_is_cut() {
    let network = Namespace::new();
    let server = Server::with(&ServerOptions {
        namespace: Some(network.clone()),
        ..ServerOptions::default()
    });
    let running = remote(&server, false);
    // Commands get their first heartbeat when they have run for a quarter of a second.
    std::thread::sleep(Duration::from_secs(1));
    network.drop_traffic();
    // 45 s after the last heartbeat, and nobody over here can have told it.
    server
        .mark()
        .wait_until_gone_within(Duration::from_secs(90), |_| false);
    assert_lost(running, &server, 5);
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn when_the_program_is_stopped() {
    let server = Server::start();
    let running = remote(&server, true);
    // See above.
    std::thread::sleep(Duration::from_secs(1));
    running.signal(Signal::STOP);
    server
        .mark()
        .wait_until_gone_within(Duration::from_secs(90), |_| false);
    running.signal(Signal::CONT);
    let finished = running.finish();
    assert!(
        !matches!(finished.code, Some(0) | None),
        "{}",
        finished.err()
    );
    server.assert_empty();
    assert_nothing_here(&finished);
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn following_a_log_everywhere_until_interrupted_is_no_failure() {
    let server = Server::start();
    let log = server.path("log");
    std::fs::write(&log, "first\n").unwrap();
    let running = Program::new("probe", ["script", "--limit", "host[1-5],web"])
        .env("PROBE_CONFIG", server.config())
        .env("PROBE_SCRIPT", format!("tail -f {}", log.display()))
        .start();
    running.wait_for(8, "| first");
    running.signal(Signal::INT);
    let finished = running.finish().exited(130);
    let err = finished.err();
    assert!(!err.contains("failed"), "{err}");
    let expected = "cancelled: 8 tasks cancelled on 8 sites";
    assert!(err.contains(expected), "{err}");
    server.assert_empty();
    finished.assert_clean();
}

/// What a killed program leaves of its own is a connection for the next run, which finds nothing of
/// it on the host.
#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn the_run_after_a_killed_one_begins_anew() {
    let server = Server::start();
    let connections = Connections::new();
    let program = |name: &str| {
        Program::new("probe", [name, "--limit", "host[1-5]"])
            .sharing(&connections)
            .env("PROBE_CONFIG", server.config())
            .env("PROBE_SCRIPT", "echo here")
    };
    let running = program("work").start();
    running.wait_for(5 * COMMANDS, "| asleep");
    running.signal(Signal::KILL);
    let killed = running.finish();
    let next = program("script").run().exited(0);
    assert_eq!(next.out().matches("| here").count(), 5);
    assert_eq!(server.logins(), 5);
    until("nothing is left", || server.mark().processes().is_empty());
    next.assert_clean();
    assert_nothing_here(&killed);
}

/// There every command watches itself, and those that find no place have not begun.
#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn where_a_connection_has_a_single_session() {
    for (signal, code) in [(Signal::INT, Some(130)), (Signal::KILL, None)] {
        for stubborn in [false, true] {
            let server = Server::with(&ServerOptions {
                max_sessions: Some(1),
                ..ServerOptions::default()
            });
            let running = work("host[1-5]", stubborn)
                .env("PROBE_CONFIG", server.config())
                .start();
            running.wait_for(5 * 3, "| asleep");
            running.signal(signal);
            let finished = running.finish();
            assert_eq!(finished.code, code, "{}", finished.err());
            server.assert_empty();
            assert_nothing_here(&finished);
        }
    }
}

/// Also a command that is only just being started.
#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn when_the_program_is_killed_at_any_moment() {
    let server = Server::start();
    let connections = Connections::new();
    let program = || {
        work("host[1-5]", false)
            .sharing(&connections)
            .env("PROBE_CONFIG", server.config())
    };
    // With connections that are there the commands begin early and close to each other.
    let first = program().start();
    first.wait_for(5 * COMMANDS, "| asleep");
    first.signal(Signal::INT);
    let _ = first.finish().exited(130);
    for moment in 0..30 {
        let running = program().start();
        std::thread::sleep(Duration::from_millis(20 + moment * 30));
        running.signal(Signal::KILL);
        assert_nothing_here(&running.finish());
    }
    server.assert_empty();
}
