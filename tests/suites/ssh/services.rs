//! Services that a job starts on a server, and runs and connections that end.

use ploy::action::Action;
use ploy::catalogue::Catalogue;
use ploy::event::CancelReason;
use ploy::run::Runner;
use ploy::{Cx, Script};
use ploy_tests::{Server, ServerOptions, start};

use super::three;

fn starts(then: &'static str) -> Catalogue {
    let mut catalogue = Catalogue::new();
    let action = Action::new(move |cx: Cx| async move {
        let service = cx.shell().detach(Script::raw("exec sleep 1148")).await?;
        cx.report(service.pid());
        cx.shell().run(Script::raw(then)).await?;
        Ok::<(), ploy::Error>(())
    });
    catalogue.add("job", ["web1"], [action]);
    catalogue
}

/// The one process that is left on the server is the service; ends it.
fn assert_left(server: &Server, reported: &[String]) {
    let mark = server.mark();
    mark.wait_until_gone(|process| process.command == "sleep 1148");
    let left = mark.processes();
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(reported, [left[0].pid.to_string()]);
    mark.kill_all();
    server.assert_empty();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn one_outlives_its_run_and_its_connection() {
    for max_sessions in [None, Some(1)] {
        let server = Server::with(&ServerOptions {
            max_sessions,
            ..ServerOptions::default()
        });
        let ran = super::run(three(&server), starts("true"));
        assert!(ran.stats.is_ok(), "{:#?}", ran.faults("web1"));
        assert_left(&server, &ran.reports());
    }
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn one_outlives_a_run_that_is_interrupted() {
    for max_sessions in [None, Some(1)] {
        let server = Server::with(&ServerOptions {
            max_sessions,
            ..ServerOptions::default()
        });
        let runner = Runner::new(three(&server), starts("echo waits.; sleep 1149"));
        let going = start(runner, |batch| async move {
            batch.run("job").await.into_result()
        });
        going.wait_for_output("waits.");
        going.cancel(CancelReason::Interrupt);
        let ran = going.finish();
        assert!(!ran.stats.is_ok());
        assert_left(&server, &ran.reports());
    }
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn one_outlives_a_connection_that_is_cut() {
    let server = Server::start();
    let runner = Runner::new(three(&server), starts("echo waits.; sleep 1149"));
    let going = start(runner, |batch| async move {
        batch.run("job").await.into_result()
    });
    going.wait_for_output("waits.");
    server.cut();
    let ran = going.finish();
    assert!(!ran.stats.is_ok());
    assert_left(&server, &ran.reports());
}
