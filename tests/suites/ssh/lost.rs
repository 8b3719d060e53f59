//! Connections that break.

use ploy::error::Kind;
use ploy::event::{CancelReason, TaskResult};
use ploy::run::Runner;
use ploy_tests::{Program, Server, start};

use super::{command, script, three};

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_killed_server_is_a_lost_connection() {
    let server = Server::start();
    let catalogue = script(["web"], "echo asleep; sleep 1040");
    let going = start(Runner::new(three(&server), catalogue), |batch| async move {
        batch.run("job").await.into_result()
    });
    going.wait_for(3, |kind| {
        matches!(kind, ploy::event::EventKind::Output { .. })
    });
    server.kill();
    let ran = going.finish();
    for site in ["web1", "web2", "web3"] {
        let fault = ran.fault(site);
        assert_eq!(fault.kind, Kind::Unreachable, "{fault:#?}");
        assert!(
            fault.messages[0].contains(&format!("the connection to {site}")),
            "{fault:#?}"
        );
        assert!(fault.messages[0].contains("was lost"), "{fault:#?}");
        assert_eq!(ran.result(site, "job"), Some(TaskResult::Unreachable));
    }
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_program_whose_server_is_killed_exits_with_4() {
    let server = Server::start();
    let running = Program::new("probe", ["sleep"])
        .env("PROBE_CONFIG", server.config())
        .start();
    running.wait_for(3, "| asleep");
    server.kill();
    let finished = running.finish().exited(4);
    assert!(
        finished
            .err()
            .contains("failed: 3 tasks unreachable on 3 sites"),
        "{}",
        finished.err()
    );
    // The reaper on the other side sees its standard input end.
    server.mark().wait_until_gone(|_| false);
    finished.assert_clean();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_lost_connection_is_made_anew() {
    let server = Server::start();
    let mut catalogue = script(["web1"], "echo first");
    catalogue.add("next", ["web1"], [command("echo second")]);
    let (cut, wait) = tokio::sync::oneshot::channel::<()>();
    let going = start(Runner::new(three(&server), catalogue), |batch| async move {
        batch.run("job").await.into_result()?;
        // Goes on when the connection has been cut.
        let _ = wait.await;
        batch.run("next").await.into_result()
    });
    going.wait_for(1, |kind| {
        matches!(kind, ploy::event::EventKind::StageFinished { .. })
    });
    server.cut();
    server.mark().wait_until_gone(|_| false);
    // On a busy machine ssh takes a moment to find out. What is begun meanwhile is lost, and told
    // so.
    std::thread::sleep(std::time::Duration::from_secs(1));
    cut.send(()).unwrap();
    let ran = going.finish();
    assert_eq!(
        ran.text("web1"),
        "first\nsecond\n",
        "{:#?}",
        ran.faults("web1")
    );
    assert!(ran.stats.is_ok());
    assert_eq!(server.logins(), 2);
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_cut_between_jobs_does_not_hide_the_failure_of_a_running_one() {
    let server = Server::start();
    let mut catalogue = script(["web1"], "echo asleep.; sleep 1050");
    catalogue.add("next", ["web1"], [command("echo next")]);
    let going = start(Runner::new(three(&server), catalogue), |batch| async move {
        batch
            .run(["job", "next"])
            .break_on_error(false)
            .await
            .into_result()
    });
    going.wait_for_output("asleep.");
    server.cut();
    let ran = going.finish();
    assert_eq!(ran.result("web1", "job"), Some(TaskResult::Unreachable));
    assert_eq!(
        ran.result("web1", "next"),
        Some(TaskResult::Succeeded),
        "{:#?}",
        ran.faults("web1")
    );
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_cancel_while_connecting_does_not_wait_for_the_connection() {
    let silent = std::net::TcpListener::bind(("127.0.0.2", 0)).unwrap();
    let server = Server::start();
    let mut topology = three(&server);
    topology.add(
        "web1",
        ploy::topology::Settings::new().port(silent.local_addr().unwrap().port()),
    );
    let going = start(
        Runner::new(topology, script(["web1"], "true")),
        |batch| async move { batch.run("job").await.into_result() },
    );
    // ssh has connected, and waits for the server to say something.
    let (_connection, _) = silent.accept().unwrap();
    going.cancel(CancelReason::Interrupt);
    let ran = going.finish();
    assert_eq!(ran.result("web1", "job"), Some(TaskResult::Cancelled));
    assert_eq!(ran.fault("web1").kind, Kind::Cancelled);
}
