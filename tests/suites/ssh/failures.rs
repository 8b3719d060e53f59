//! How a command that fails is told.

use ploy::error::Kind;
use ploy::event::{EventKind, TaskResult};
use ploy::topology::Settings;
use ploy_tests::{Program, Server};

use super::{run, script, three};

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_failure_names_all_that_is_known() {
    let server = Server::start();
    let text = "echo first; echo 'disk full' >&2; exit 1";
    let ran = run(three(&server), script(["web2"], text));
    let fault = ran.fault("web2");
    assert_eq!(fault.kind, Kind::Command);
    assert_eq!(
        fault.messages,
        [
            "command failed on web2".to_owned(),
            format!("`{text}` exited with status 1")
        ]
    );
    let command = fault.command.unwrap();
    assert_eq!(
        (
            command.site.as_str(),
            command.command.as_str(),
            command.code
        ),
        ("web2", text, Some(1))
    );
    assert_eq!(
        (command.stdout, command.stderr),
        (b"first".to_vec(), b"disk full".to_vec())
    );
    // The call is in `command`, beside these modules.
    assert_eq!(fault.location.unwrap().file, "tests/suites/ssh/main.rs");
    assert_eq!((ran.stats.failed, ran.stats.succeeded), (1, 0));
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn every_status_is_told_as_it_is() {
    let server = Server::start();
    for status in [1, 2, 126, 127, 128, 254, 255] {
        let ran = run(three(&server), script(["web1"], &format!("exit {status}")));
        let fault = ran.fault("web1");
        assert_eq!(fault.kind, Kind::Command, "{fault:#?}");
        assert_eq!(
            fault.command.as_ref().unwrap().code,
            Some(status),
            "{fault:#?}"
        );
        let codes = ran.events.iter().filter_map(|event| match event.kind {
            EventKind::CommandFinished { code, .. } => Some(code),
            _ => None,
        });
        assert!(codes.eq([Some(status)]));
        assert_eq!(ran.result("web1", "job"), Some(TaskResult::Failed));
    }
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_program_that_is_not_there_gives_a_hint() {
    let server = Server::start();
    let fault = run(three(&server), script(["web1"], "no-such-program-anywhere")).fault("web1");
    assert_eq!(fault.command.unwrap().code, Some(127));
    assert!(fault.hint.unwrap().contains("not installed"));
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_command_ended_by_a_signal_is_no_lost_connection() {
    let server = Server::start();
    for signal in ["KILL", "TERM", "SEGV"] {
        let ran = run(
            three(&server),
            script(["web1"], &format!("kill -s {signal} $$")),
        );
        let fault = ran.fault("web1");
        assert_eq!(fault.kind, Kind::Command, "{fault:#?}");
        assert!(
            fault.to_string().contains("was ended by a signal"),
            "{fault}"
        );
        assert_eq!(ran.stats.unreachable, 0);
    }
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_missing_path_gives_a_hint() {
    let server = Server::start();
    let mut topology = three(&server);
    topology.update(["web"], Settings::new().path("/no/such folder"));
    let fault = run(topology, script(["web1"], "true")).fault("web1");
    assert_eq!(fault.kind, Kind::Command);
    assert_eq!(
        fault.messages,
        [
            "cannot enter `/no/such folder` on web1",
            "so `true` was not run"
        ]
    );
    assert!(fault.hint.unwrap().contains("`path`"));
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_shell_that_is_not_there_is_told() {
    let server = Server::start();
    let mut topology = three(&server);
    topology.update(["web"], Settings::new().shell("no-such-shell"));
    let fault = run(topology, script(["web1"], "true")).fault("web1");
    assert_eq!(
        (fault.kind, fault.command.as_ref().unwrap().code),
        (Kind::Command, Some(127)),
        "{fault:#?}"
    );
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_timeout_ends_the_command_and_its_children() {
    let server = Server::start();
    let mut topology = three(&server);
    topology.update(
        ["web"],
        Settings::new().timeout(std::time::Duration::from_millis(300)),
    );
    let fault = run(topology, script(["web1"], "sleep 1010 | cat")).fault("web1");
    assert_eq!(fault.kind, Kind::Timeout);
    server.assert_empty();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn the_program_shows_the_failure_last_and_exits_with_1() {
    let server = Server::start();
    let finished = Program::new("probe", ["fail", "--roles", "web1"])
        .env("PROBE_CONFIG", server.config())
        .run()
        .exited(1);
    let err = finished.err();
    let expected = "
failed: fail on web1 (fail, tests/probe/main.rs:";
    let (_, rest) = err.split_once(expected).unwrap_or_else(|| panic!("{err}"));
    let lines: Vec<&str> = rest.lines().collect();
    assert_eq!(
        lines[1..4],
        [
            "  command failed on web1",
            "    `echo the disk is full >&2; exit 3` exited with status 3",
            "    | the disk is full",
        ]
    );
    assert!(
        lines[5].starts_with("failed: 1 task failed on 1 site in "),
        "{err}"
    );
    finished.assert_clean();
}
