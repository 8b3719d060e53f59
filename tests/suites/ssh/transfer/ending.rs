//! Transfers that are ended, or whose connection is.

use std::time::Duration;

use ploy::error::Kind;
use ploy_tests::{Program, Server};
use rustix::process::Signal;
use tempfile::TempDir;

use super::{shell, with_program};

/// A server on which rsync does nothing until its client goes away.
fn stuck() -> (Server, TempDir) {
    with_program("rsync", "exec cat >/dev/null")
}

fn start_upload(server: &Server) -> ploy_tests::Running {
    let program = Program::new("probe", ["upload"]);
    let running = program
        .env("PROBE_CONFIG", server.config())
        .env("PROBE_SOURCE", server.path("tmp").as_os_str())
        .env("PROBE_TARGET", "/no/where")
        .start();
    ploy_tests::until("rsync runs there", || {
        !server.mark().running("cat").is_empty()
    });
    running
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn an_interrupt_ends_an_upload() {
    let (server, _programs) = stuck();
    let running = start_upload(&server);
    running.signal(Signal::INT);
    running.finish().exited(130).assert_clean();
    server.assert_empty();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_killed_program_leaves_no_upload() {
    let (server, _programs) = stuck();
    let running = start_upload(&server);
    let mark = running.mark().clone();
    assert!(!mark.running("rsync").is_empty());
    running.signal(Signal::KILL);
    assert_eq!(running.finish().signal, Some(9));
    ploy_tests::until("rsync is gone here", || mark.running("rsync").is_empty());
    ploy_tests::until("rsync is gone there", || {
        server.mark().running("cat").is_empty()
    });
    mark.kill_all();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_connection_lost_while_uploading_is_told() {
    let (server, _programs) = stuck();
    let running = start_upload(&server);
    server.kill();
    let finished = running.finish().exited(4);
    assert!(
        finished.err().contains("the connection to web1 was lost"),
        "{}",
        finished.err()
    );
    finished.assert_clean();
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn a_time_out_ends_rsync_on_both_sides() {
    let (server, _programs) = stuck();
    let target = tempfile::tempdir().unwrap();
    let failure = shell(&server)
        .download("/etc/hostname", target.path())
        .timeout(Duration::from_millis(500))
        .await
        .unwrap_err();
    assert_eq!(failure.kind(), Kind::Timeout, "{failure:?}");
    assert!(failure.to_string().ends_with("timed out on web1"));
    ploy_tests::until("rsync is gone there", || {
        server.mark().running("cat").is_empty()
    });
}
