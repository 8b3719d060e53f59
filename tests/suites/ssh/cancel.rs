//! Nothing that a job started is left behind.

use ploy_tests::{Program, Running, Server, Survivor};
use rustix::process::Signal;

fn asleep(server: &Server, job: &str) -> Running {
    let running = Program::new("probe", [job])
        .env("PROBE_CONFIG", server.config())
        .start();
    running.wait_for(3, "| asleep");
    running
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn an_interrupt_ends_commands_with_their_children() {
    let server = Server::start();
    let running = asleep(&server, "sleep");
    ploy_tests::until("all of them sleep", || {
        server.mark().running("sleep 100").len() >= 9
    });
    running.signal(Signal::INT);
    let finished = running.finish().exited(130);
    assert!(
        finished
            .err()
            .contains("interrupted: waiting up to 30 s for 3 running actions"),
        "{}",
        finished.err()
    );
    assert!(
        finished
            .err()
            .contains("cancelled: 3 tasks cancelled on 3 sites"),
        "{}",
        finished.err()
    );
    finished.assert_clean();
    server.assert_empty();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn sigterm_ends_commands_too() {
    let server = Server::start();
    let running = asleep(&server, "sleep");
    running.signal(Signal::TERM);
    running.finish().exited(143).assert_clean();
    server.assert_empty();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_second_interrupt_kills_what_ignores_the_first() {
    let server = Server::start();
    let running = asleep(&server, "stubborn");
    running.signal(Signal::INT);
    running.wait_for(1, "interrupted:");
    // One on each of three sites, and for a moment a second one: a shell that has forked and not
    // become its `sleep` yet.
    assert!(
        server.mark().running("while :").len() >= 3,
        "it was to ignore TERM"
    );
    running.signal(Signal::INT);
    running.finish().exited(130).assert_clean();
    server.assert_empty();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_killed_program_leaves_no_remote_command() {
    let server = Server::start();
    let running = asleep(&server, "sleep");
    let mark = running.mark().clone();
    running.signal(Signal::KILL);
    assert_eq!(running.finish().signal, Some(9));
    server.assert_empty();
    mark.wait_until_gone(Survivor::is_master);
    mark.kill_all();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_killed_program_leaves_no_stubborn_command() {
    let server = Server::start();
    let running = asleep(&server, "stubborn");
    let mark = running.mark().clone();
    running.signal(Signal::KILL);
    assert_eq!(running.finish().signal, Some(9));
    server.assert_empty();
    mark.kill_all();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_cancelled_command_ends_on_a_host_with_a_single_session() {
    let server = Server::start();
    let program = Program::new("probe", ["sleep"])
        .env("PROBE_CONFIG", server.config())
        .env("PROBE_MAX_SESSIONS", "1");
    let running = program.start();
    running.wait_for(3, "| asleep");
    running.signal(Signal::INT);
    running.finish().exited(130).assert_clean();
    server.assert_empty();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_background_child_ends_with_its_command() {
    let server = Server::start();
    let ran = super::run(
        super::three(&server),
        super::script(["web1"], "sleep 1020 >/dev/null 2>&1 & echo done"),
    );
    assert_eq!(ran.text("web1"), "done\n");
    assert!(ran.stats.is_ok());
    server.assert_empty();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_dropped_command_ends() {
    let server = Server::start();
    let mut catalogue = ploy::catalogue::Catalogue::new();
    let action = ploy::action::Action::new(|cx: ploy::Cx| async move {
        let sleep = cx.shell().run(ploy::Script::raw("echo asleep; sleep 1030"));
        // What `select!` and time limits of the job's own do to a command.
        let limit = std::time::Duration::from_secs(1);
        assert!(
            tokio::time::timeout(limit, IntoFuture::into_future(sleep))
                .await
                .is_err()
        );
        cx.shell()
            .run(ploy::Script::raw("echo next"))
            .await
            .map(drop)
    });
    catalogue.add("job", ["web1"], [action]);
    let ran = super::run(super::three(&server), catalogue);
    assert_eq!(ran.text("web1"), "asleep\nnext\n");
    server.assert_empty();
}
