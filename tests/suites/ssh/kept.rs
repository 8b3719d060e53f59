//! Connections that outlive the run.

use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::time::SystemTime;

use ploy_tests::{Connections, Finished, Program, Server, until};
use rustix::process::Signal;

/// The program, with the sites of a server and these connections.
fn program<const N: usize>(
    server: &Server,
    connections: &Connections,
    arguments: [&str; N],
) -> Program {
    Program::new("probe", arguments)
        .sharing(connections)
        .env("PROBE_CONFIG", server.config())
}

/// Runs a script on `web1`, which adds a line to the server's file `runs` and says so.
fn once(server: &Server, connections: &Connections, arguments: &[&str]) -> Finished {
    let script = format!("echo x >>{}; echo here", server.path("runs").display());
    let mut all = vec!["script", "--limit", "web1"];
    all.extend(arguments);
    let finished = Program::new("probe", all)
        .sharing(connections)
        .env("PROBE_CONFIG", server.config())
        .env("PROBE_SCRIPT", script)
        .run()
        .exited(0);
    assert_eq!(finished.out(), "web1 | here\n", "{}", finished.err());
    // What the connection goes through is nothing that a user should hear of.
    for word in ["mux", "refused", "lost", "socket"] {
        assert!(!finished.err().contains(word), "{}", finished.err());
    }
    finished
}

fn runs(server: &Server) -> usize {
    fs::read_to_string(server.path("runs"))
        .unwrap()
        .lines()
        .count()
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_second_run_logs_in_no_more() {
    let (server, connections) = (Server::start(), Connections::new());
    for _ in 0..3 {
        let finished = program(&server, &connections, ["succeed", "--roles", "web"]).run();
        finished.exited(0).assert_clean();
    }
    assert_eq!(server.logins(), 3);
    assert_eq!(connections.masters().len(), 3);
    server.assert_empty();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn nobody_else_can_reach_them() {
    let (server, connections) = (Server::start(), Connections::new());
    once(&server, &connections, &[]);
    let folder = fs::metadata(connections.sockets()).unwrap();
    assert_eq!(folder.mode() & 0o777, 0o700);
    let entries = fs::read_dir(connections.sockets()).unwrap().flatten();
    let sockets: Vec<_> = entries
        .map(|entry| entry.metadata().unwrap())
        .filter(|found| found.file_type().is_socket())
        .collect();
    assert_eq!(sockets.len(), 1);
    assert_eq!(sockets[0].mode() & 0o077, 0);
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn they_are_listed_and_closed() {
    let (server, connections) = (Server::start(), Connections::new());
    let command = |arguments: &[&str]| {
        Program::new("probe", arguments)
            .sharing(&connections)
            .run()
            .exited(0)
            .out()
    };
    assert_eq!(command(&["connections"]), "no connection is kept\n");
    let run = || {
        let finished = program(&server, &connections, ["succeed", "--roles", "web"]).run();
        let _ = finished.exited(0);
    };
    run();
    let listed = command(&["connections"]);
    for name in ["web1", "web2", "web3"] {
        let line = listed.lines().find(|line| line.starts_with(name));
        assert!(line.is_some_and(|line| line.contains("used ")), "{listed}");
    }
    assert_eq!(
        command(&["connections", "--close", "web2"]),
        "closed 1 connection\n"
    );
    assert!(!command(&["connections"]).contains("web2"));
    assert_eq!(
        command(&["connections", "--close"]),
        "closed 2 connections\n"
    );
    assert_eq!(command(&["connections"]), "no connection is kept\n");
    assert!(connections.masters().is_empty());
    run();
    assert_eq!(server.logins(), 6);
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn none_is_kept_where_nobody_wants_it() {
    let (server, connections) = (Server::start(), Connections::new());
    let in_ci = program(&server, &connections, ["succeed", "--roles", "web"]).env("CI", "true");
    let told = program(
        &server,
        &connections,
        ["succeed", "--roles", "web", "--no-keep"],
    );
    for program in [in_ci, told] {
        let finished = program.run().exited(0);
        finished.mark.wait_until_gone(|_| false);
        finished.assert_clean();
        assert!(connections.masters().is_empty());
    }
    assert_eq!(server.logins(), 6);
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_master_that_was_killed_is_replaced() {
    let (server, connections) = (Server::start(), Connections::new());
    once(&server, &connections, &[]);
    connections.kill_masters();
    once(&server, &connections, &[]).assert_clean();
    assert_eq!((server.logins(), runs(&server)), (2, 2));
    assert_eq!(connections.masters().len(), 1);
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_connection_that_was_cut_is_replaced() {
    let (mut server, connections) = (Server::start(), Connections::new());
    once(&server, &connections, &[]);
    server.cut();
    once(&server, &connections, &[]).assert_clean();
    assert_eq!((server.logins(), runs(&server)), (2, 2));
    server.restart();
    once(&server, &connections, &[]).assert_clean();
    assert_eq!((server.logins(), runs(&server)), (3, 3));
}

/// Its process is there and so is its socket, but it answers nothing.
#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_master_that_hangs_is_replaced() {
    let (server, connections) = (Server::start(), Connections::new());
    once(&server, &connections, &[]);
    for master in connections.masters() {
        rustix::process::kill_process(master.pid, Signal::STOP).unwrap();
    }
    once(&server, &connections, &[]).assert_clean();
    assert_eq!((server.logins(), runs(&server)), (2, 2));
}

/// Another program takes it for lost and makes one of its own, and does not end what is running
/// over it.
#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn one_whose_host_is_slow_is_replaced_and_not_ended() {
    let (server, connections) = (Server::start(), Connections::new());
    let flag = server.path("go on");
    let script = format!(
        "echo begun; until [ -e '{}' ]; do sleep 0.1; done; echo done",
        flag.display()
    );
    let running = program(&server, &connections, ["script", "--limit", "web1"])
        .env("PROBE_SCRIPT", script)
        .start();
    running.wait_for(1, "| begun");
    // Used so long ago that it is put to the test.
    for entry in fs::read_dir(connections.sockets()).unwrap().flatten() {
        if entry.path().extension().is_some_and(|end| end == "json") {
            let note = fs::File::options().write(true).open(entry.path()).unwrap();
            note.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        }
    }
    server.pause();
    once(&server, &connections, &[]);
    server.resume();
    fs::write(flag, "").unwrap();
    let finished = running.finish().exited(0);
    assert_eq!(finished.out(), "web1 | begun\nweb1 | done\n");
    assert_eq!(server.logins(), 2);
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn programs_that_start_at_once_log_in_once() {
    let (server, connections) = (Server::start(), Connections::new());
    let running: Vec<_> = (0..6)
        .map(|_| program(&server, &connections, ["succeed", "--roles", "web"]).start())
        .collect();
    for running in running {
        running.finish().exited(0).assert_clean();
    }
    assert_eq!(server.logins(), 3);
    assert_eq!(connections.masters().len(), 3);
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn what_ssh_is_told_otherwise_is_another_connection() {
    let (server, connections) = (Server::start(), Connections::new());
    once(&server, &connections, &[]);
    let before = fs::read_to_string(server.config()).unwrap();
    let changed = format!("Host web1\n  HostName 127.0.0.4\n{before}");
    fs::write(server.config(), changed).unwrap();
    once(&server, &connections, &[]);
    assert_eq!(server.logins(), 2);
    fs::write(server.config(), before).unwrap();
    once(&server, &connections, &[]);
    assert_eq!(server.logins(), 2);
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_command_is_not_run_twice_when_its_master_dies() {
    let (server, connections) = (Server::start(), Connections::new());
    once(&server, &connections, &[]);
    let script = format!(
        "echo x >>{}; echo asleep; sleep 2010",
        server.path("runs").display()
    );
    let running = program(&server, &connections, ["script", "--limit", "web1"])
        .env("PROBE_SCRIPT", script)
        .start();
    running.wait_for(1, "| asleep");
    connections.kill_masters();
    let finished = running.finish().exited(4);
    let expected = "the connection to web1 (web1) was lost";
    assert!(finished.err().contains(expected), "{}", finished.err());
    server.assert_empty();
    assert_eq!(runs(&server), 2);
    once(&server, &connections, &[]);
    assert_eq!((server.logins(), runs(&server)), (2, 3));
}

/// Who can get into the folder could take the place of a connection. The run goes on without it.
#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_folder_that_others_can_enter_is_not_used() {
    let (server, connections) = (Server::start(), Connections::new());
    fs::create_dir(connections.sockets()).unwrap();
    fs::set_permissions(connections.sockets(), fs::Permissions::from_mode(0o755)).unwrap();
    once(&server, &connections, &[]);
    assert_eq!(fs::read_dir(connections.sockets()).unwrap().count(), 0);
    assert_eq!(server.logins(), 1);
    until("the master has gone", || connections.masters().is_empty());
}
