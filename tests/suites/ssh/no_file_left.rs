//! What ploy writes on a host for itself is gone afterwards. A user of the test's own shows whose
//! it is.

use ploy_tests::{Program, Server, ServerOptions, User, until};
use rustix::process::Signal;

use super::nothing_left::{COMMANDS, assert_nothing_here, work};

/// The shell that is to begin a command may take its time: until after the program was killed, and
/// the reaper has gone.
#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn when_a_command_begins_after_the_program_was_killed() {
    let user = User::with_shell("bash");
    let begun = user.home().join("begun");
    // The reaper is not held up.
    let start_file = format!(
        "case $BASH_EXECUTION_STRING in *'echo asleep'*) echo x >>{}; sleep 3 ;; esac\n",
        begun.display()
    );
    user.write(".bashrc", &start_file);
    let server = Server::with(&ServerOptions {
        user: Some(user.clone()),
        ..ServerOptions::default()
    });
    let running = work("host1", false)
        .env("PROBE_CONFIG", server.config())
        .start();
    until("all commands are about to begin", || {
        let lines = std::fs::read_to_string(&begun).unwrap_or_default();
        lines.lines().count() == COMMANDS
    });
    running.signal(Signal::KILL);
    let finished = running.finish();
    server.assert_empty();
    assert_nothing_here(&finished);
    assert_no_files(&user);
}

/// The folder in which commands are registered goes too.
#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn no_folder_is_left_after_runs_that_end_in_some_way() {
    assert_no_folders(None, 5 * COMMANDS);
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn no_folder_is_left_where_a_connection_has_a_single_session() {
    assert_no_folders(Some(1), 5);
}

fn assert_no_folders(max_sessions: Option<u32>, commands: usize) {
    let user = User::with_shell("dash");
    let server = Server::with(&ServerOptions {
        user: Some(user.clone()),
        max_sessions,
        ..ServerOptions::default()
    });
    let program = |job: &str| {
        Program::new("probe", [job, "--limit", "host[1-5]"])
            .env("PROBE_CONFIG", server.config())
            .env("PROBE_SCRIPT", "echo here")
    };
    for _ in 0..3 {
        program("script").run().exited(0).assert_clean();
        server.assert_empty();
        assert_no_files(&user);
    }
    for signal in [Signal::INT, Signal::KILL] {
        let running = program("work").start();
        running.wait_for(commands, "| asleep");
        running.signal(signal);
        let _ = running.finish();
        server.assert_empty();
        assert_no_files(&user);
    }
}

fn assert_no_files(user: &User) {
    assert_eq!(user.temporary_files(), Vec::<std::path::PathBuf>::new());
}
