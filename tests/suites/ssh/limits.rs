//! Servers that allow little.

use std::time::Duration;

use ploy::catalogue::Catalogue;
use ploy::run::Runner;
use ploy::topology::{Settings, Topology};
use ploy::{Script, Shell};
use ploy_tests::{Program, Ran, Server, ServerOptions, start};

use super::{command, run, script, three};

/// `count` sites, each a host of its own to ssh, all in the role `web`.
fn hosts(server: &Server, count: usize) -> Topology {
    let mut topology = Topology::new();
    for number in 1..=count {
        let name = format!("host{number}");
        topology.add(&name, server.site(&name).roles(["web"]));
    }
    topology
}

/// Checks that so many tasks succeeded and that nothing was told of what the server refused.
fn assert_all(ran: &Ran, count: u32) {
    assert_eq!(ran.stats.succeeded, count, "{:#?}", ran.stats);
    let told = format!("{:?}", ran.events);
    assert!(!told.contains("refused by peer"), "{told}");
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn more_actions_than_sessions_all_succeed() {
    let server = Server::with(&ServerOptions {
        max_sessions: Some(2),
        ..ServerOptions::default()
    });
    let mut catalogue = Catalogue::new();
    catalogue.add(
        "job",
        ["web1"],
        (0..12).map(|number| command(&format!("echo {number}"))),
    );
    let ran = run(three(&server), catalogue);
    assert!(ran.stats.is_ok(), "{:#?}", ran.faults("web1"));
    let mut lines: Vec<u32> = ran
        .text("web1")
        .lines()
        .map(|line| line.parse().unwrap())
        .collect();
    lines.sort_unstable();
    assert_eq!(lines, (0..12).collect::<Vec<_>>());
    // On a busy machine commands wait so long for a place that further connections are opened.
    assert!((1..=4).contains(&server.logins()), "{}", server.log());
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn one_session_is_enough() {
    let server = Server::with(&ServerOptions {
        max_sessions: Some(1),
        ..ServerOptions::default()
    });
    let mut topology = three(&server);
    topology.update(["web"], Settings::new().max_sessions(1));
    let mut catalogue = Catalogue::new();
    catalogue.add("job", ["web"], (0..5).map(|_| command("echo done")));
    let ran = run(topology, catalogue);
    assert!(ran.stats.is_ok(), "{:#?}", ran.faults("web1"));
    assert_eq!(ran.text("web1"), "done\n".repeat(5));
    // A busy server may end a session so late that another connection is made meanwhile.
    assert!((3..=6).contains(&server.logins()), "{}", server.log());
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_single_session_is_learnt_from_the_server() {
    let server = Server::with(&ServerOptions {
        max_sessions: Some(1),
        ..ServerOptions::default()
    });
    let mut catalogue = Catalogue::new();
    catalogue.add(
        "job",
        ["web1"],
        (0..12).map(|_| command("sleep 0.2; echo done")),
    );
    let ran = run(three(&server), catalogue);
    assert!(ran.stats.is_ok(), "{:#?}", ran.faults("web1"));
    assert_eq!(ran.text("web1"), "done\n".repeat(12));
    // Further connections help where there is only one session on each.
    assert!((2..=4).contains(&server.logins()), "{}", server.log());
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn uploads_and_commands_share_few_sessions() {
    let server = Server::with(&ServerOptions {
        max_sessions: Some(3),
        ..ServerOptions::default()
    });
    let source = tempfile::tempdir().unwrap();
    std::fs::write(source.path().join("file"), "content").unwrap();
    let mut catalogue = Catalogue::new();
    for number in 0..6 {
        let from = format!("{}/", source.path().display());
        let to = server
            .path("tmp")
            .join(number.to_string())
            .display()
            .to_string();
        let upload = ploy::action::Action::new(move |cx: ploy::Cx| {
            let (from, to) = (from.clone(), to.clone());
            async move { cx.shell().upload(from, to).await.map(drop) }
        });
        catalogue.add("job", ["web1"], [upload, command("true")]);
    }
    let ran = run(three(&server), catalogue);
    assert!(ran.stats.is_ok(), "{:#?}", ran.faults("web1"));
    for number in 0..6 {
        let file = server.path("tmp").join(number.to_string()).join("file");
        assert_eq!(std::fs::read_to_string(file).unwrap(), "content");
    }
    assert_eq!(ran.output("web1", ploy::event::Stream::Stderr), b"");
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn many_hosts_log_in_to_a_server_that_drops_starts() {
    let server = Server::with(&ServerOptions {
        max_startups: Some("3:50:5"),
        ..ServerOptions::default()
    });
    let mut topology = Topology::new();
    for number in 1..=40 {
        let name = format!("host{number}");
        topology.add(&name, server.site(&name).roles(["web"]));
    }
    let ran = start(
        Runner::new(topology, script(["web"], "echo here")),
        |batch| async move { batch.run("job").fanout(40).await.into_result() },
    )
    .finish();
    assert_eq!(ran.stats.succeeded, 40, "{:#?}", ran.stats);
    assert_eq!(server.logins(), 40);
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn no_more_tasks_than_the_fanout_run_at_once() {
    let server = Server::start();
    let mut topology = Topology::new();
    for number in 1..=9 {
        let name = format!("host{number}");
        topology.add(&name, server.site(&name).roles(["web"]));
    }
    let going = start(
        Runner::new(topology, script(["web"], "echo here")),
        |batch| async move { batch.run("job").fanout(2).await.into_result() },
    );
    let ran = going.finish();
    let (mut running, mut most) = (0, 0);
    for event in &ran.events {
        match event.kind {
            ploy::event::EventKind::TaskStarted { .. } => running += 1,
            ploy::event::EventKind::TaskFinished { .. } => running -= 1,
            _ => {}
        }
        most = most.max(running);
    }
    assert_eq!((most, ran.stats.succeeded), (2, 9));
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn two_hundred_hosts_with_sshds_own_limits() {
    let server = Server::with(&ServerOptions {
        default_limits: true,
        ..ServerOptions::default()
    });
    let ran = run(hosts(&server, 200), script(["web"], "echo here"));
    assert_all(&ran, 200);
    assert_eq!(server.logins(), 200);
    server.assert_empty();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn two_hundred_sites_on_one_host_with_sshds_own_limits() {
    let server = Server::with(&ServerOptions {
        default_limits: true,
        ..ServerOptions::default()
    });
    let mut topology = Topology::new();
    for number in 1..=200 {
        topology.add(format!("site{number}"), server.site("web1").roles(["web"]));
    }
    let going = start(
        Runner::new(topology, script(["web"], "sleep 0.1; echo here")),
        |batch| async move { batch.run("job").fanout(200).await.into_result() },
    );
    assert_all(&going.finish(), 200);
    server.assert_empty();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn sixty_hosts_at_once_log_in_to_a_server_that_drops_starts() {
    let server = Server::with(&ServerOptions {
        max_startups: Some("3:50:5"),
        ..ServerOptions::default()
    });
    let going = start(
        Runner::new(hosts(&server, 60), script(["web"], "echo here")),
        |batch| async move { batch.run("job").fanout(60).await.into_result() },
    );
    assert_all(&going.finish(), 60);
    assert_eq!(server.logins(), 60);
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn twenty_hosts_behind_a_jump_host_that_drops_starts() {
    let jump = Server::with(&ServerOptions {
        max_startups: Some("3:50:5"),
        ..ServerOptions::default()
    });
    let server = Server::start();
    // What is said first of a host counts.
    let config = format!(
        "Host jump\n  HostName 127.0.0.2\n  Port {}\n  IdentityFile {}\n  UserKnownHostsFile {}\n{}",
        jump.port(),
        jump.path("user_key").display(),
        jump.path("known_hosts").display(),
        std::fs::read_to_string(server.config()).unwrap(),
    );
    std::fs::write(server.path("with_jump"), config).unwrap();
    let mut topology = hosts(&server, 20);
    let settings = Settings::new().jump("jump");
    topology.update(["web"], settings.config(server.path("with_jump")));
    let ran = run(topology, script(["web"], "echo here"));
    assert_all(&ran, 20);
    // Whose connection was dropped twice asks once more by a login of its own, to hear the jump
    // host's reason.
    assert!((20..=40).contains(&server.logins()), "{}", server.log());
    assert_eq!(jump.logins(), server.logins());
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn thirty_commands_and_uploads_share_the_sessions_that_there_are() {
    let source = tempfile::tempdir().unwrap();
    std::fs::write(source.path().join("file"), "content").unwrap();
    for most in [1, 10] {
        let server = Server::with(&ServerOptions {
            max_sessions: Some(most),
            ..ServerOptions::default()
        });
        let mut catalogue = Catalogue::new();
        for number in 0..15 {
            let from = format!("{}/", source.path().display());
            let to = server.path("tmp").join(number.to_string());
            let upload = ploy::action::Action::new(move |cx: ploy::Cx| {
                let (from, to) = (from.clone(), to.display().to_string());
                async move { cx.shell().upload(from, to).await.map(drop) }
            });
            catalogue.add("job", ["web1"], [upload, command("sleep 0.1; echo done")]);
        }
        let ran = run(three(&server), catalogue);
        assert!(ran.stats.is_ok(), "{most}: {:#?}", ran.faults("web1"));
        assert_all(&ran, 1);
        assert_eq!(ran.text("web1").matches("done").count(), 15);
        for number in 0..15 {
            let file = server.path("tmp").join(number.to_string()).join("file");
            assert_eq!(std::fs::read_to_string(file).unwrap(), "content");
        }
        server.mark().wait_until_gone(|_| false);
    }
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn long_commands_run_at_once_where_there_is_a_single_session() {
    let server = Server::with(&ServerOptions {
        max_sessions: Some(1),
        ..ServerOptions::default()
    });
    let mut catalogue = Catalogue::new();
    let long = "echo asleep; sleep 2020";
    catalogue.add("job", ["web1"], (0..4).map(|_| command(long)));
    let going = start(Runner::new(three(&server), catalogue), |batch| async move {
        batch.run("job").await.into_result()
    });
    // Each on a connection of its own.
    going.wait_for(4, |kind| {
        matches!(kind, ploy::event::EventKind::Output { .. })
    });
    going.cancel(ploy::event::CancelReason::Interrupt);
    assert!(!going.finish().stats.is_ok());
    server.assert_empty();
}

/// What this machine lacks is told as such, and not as a connection that was lost, or a missing
/// ssh.
#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn more_commands_than_this_machine_can_open_files_for() {
    let server = Server::start();
    let finished = Program::new("probe", ["work", "--limit", "host[1-5]"])
        .env("PROBE_CONFIG", server.config())
        .env("PROBE_FAIL", "/nonexistent")
        .env("PROBE_BEFORE", "exit 0; ")
        .with_files(60)
        .run();
    let said = finished.err();
    assert!(said.contains("Too many open files"), "{said}");
    for wrong in ["was lost", "install OpenSSH", "panicked"] {
        assert!(!said.contains(wrong), "{said}");
    }
    server.assert_empty();
}

/// A further connection that does not come about keeps nobody from the places that become free.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn a_further_connection_is_not_waited_for() {
    let server = Server::start();
    let shell = Shell::with("web1", server.site("web1"));
    shell.run(Script::raw("true")).await.unwrap();
    server.pause_logins();
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let shell = shell.clone();
        running.spawn(async move { shell.run(Script::raw("sleep 1")).await });
    }
    let all = tokio::time::timeout(Duration::from_secs(20), running.join_all()).await;
    server.resume_logins();
    for ended in all.expect("they wait for a connection that cannot be made") {
        ended.unwrap();
    }
    assert_eq!(server.logins(), 1);
}
