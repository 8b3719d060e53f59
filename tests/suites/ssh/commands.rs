//! What holds for every shell, over ssh.

use std::time::Duration;

use ploy::action::Action;
use ploy::catalogue::Catalogue;
use ploy::event::{Event, EventKind, SilentSource};
use ploy::shell::{Command, Input, Ssh};
use ploy::topology::{Settings, Topology};
use ploy::{Cx, Script, Shell};
use ploy_tests::{Ran, Server, ServerOptions};
use rustix::process::{Signal, kill_process};

use super::checks::{input, lines, output, service};
use super::{run, script, three};

macro_rules! checked {
    ($($room:ident: $($check:ident)*;)*) => {
        $($(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        #[ignore = "needs sshd and rsync: tests/run runs it"]
        async fn $check() {
            let server = Server::start();
            let shell = Shell::ssh(Ssh::host("web1").config(server.config()));
            $room::$check(&shell).await;
            drop(shell);
            server.assert_empty();
        })*)*
    };
}

checked! {
    input: all_of_it_arrives it_need_not_be_read trouble_with_it_is_the_failure a_time_out_holds_meanwhile;
    output: every_byte_arrives it_goes_to_files a_writer_that_fails_ends_it
        a_slow_writer_slows_its_own_command_alone it_may_be_closed_early a_line_may_be_long
        variables_and_folders_arrive several_run_at_once a_stuck_writer_is_not_waited_for;
    lines: they_come_and_then_the_end a_long_one_comes_in_parts what_is_not_read_waits it_ends_when_it_is_to;
    service: it_is_as_it_was_told what_cannot_start_is_told;
}

/// How many of the commands that have ended left something behind.
fn left_behind(ran: &Ran) -> usize {
    let left = |event: &&Event| {
        let EventKind::CommandFinished { has_leftovers, .. } = event.kind else {
            return false;
        };
        has_leftovers
    };
    ran.events.iter().filter(left).count()
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn what_is_left_in_the_background_is_ended_and_told() {
    for begin in ["", "trap '' HUP INT TERM; "] {
        let server = Server::start();
        let left = format!("{begin}sleep 1146 & echo started");
        let action = Action::new(move |cx: Cx| {
            let (plain, fed) = (Script::raw(&left), Script::raw(&left));
            async move {
                cx.shell().run(plain).await?;
                // It has another guard, since its standard input is its own.
                cx.shell().run(fed).stdin("in").await.map(drop)
            }
        });
        let mut catalogue = Catalogue::new();
        catalogue.add("job", ["web1"], [action]);
        let ran = run(three(&server), catalogue);
        assert_eq!(ran.text("web1"), "started\nstarted\n");
        assert_eq!(left_behind(&ran), 2);
        server.assert_empty();
    }
}

/// Commands that read an input have one reaper. Without it nobody would end them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn a_reaper_that_was_killed_is_replaced() {
    let server = Server::start();
    let shell = Shell::with("web1", server.site("web1"));
    let run = || shell.run(Script::raw("cat")).stdin("in").into_future();
    run().await.unwrap();
    let before = server.mark().running("mkfifo -m 600");
    // The first is the shell itself, and what it has forked bears the same command line.
    let reaper = before
        .iter()
        .min_by_key(|process| process.pid.as_raw_nonzero());
    let reaper = reaper.expect("there is no reaper");
    let pipe = reaper.command.split("q=").nth(1).unwrap();
    let pipe = &pipe[..pipe
        .find(|c: char| c != '/' && c != '.' && !c.is_alphanumeric())
        .unwrap()];
    kill_process(reaper.pid, Signal::KILL).unwrap();
    let is_new = || {
        let now = server.mark().running("mkfifo -m 600");
        now.iter()
            .any(|process| before.iter().all(|old| old.pid != process.pid))
    };
    let replaced = async {
        while !is_new() {
            run().await.unwrap();
        }
    };
    let replaced = tokio::time::timeout(Duration::from_secs(20), replaced).await;
    std::fs::remove_file(pipe).unwrap();
    assert!(replaced.is_ok(), "commands still rely on it");
    drop(shell);
    server.assert_empty();
}

/// What watches over a command is none of its own jobs.
#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_command_may_wait_for_all_that_it_has_started() {
    let server = Server::start();
    let script_text = "jobs; sleep 0.1 & sleep 0.2 & wait; echo \"all of them $?\"";
    let ran = run(three(&server), script(["web1"], script_text));
    assert_eq!(
        ran.text("web1"),
        "all of them 0\n",
        "{:#?}",
        ran.faults("web1")
    );
    assert_eq!(left_behind(&ran), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn a_log_tells_all() {
    let server = Server::start();
    let shell = Shell::with("web1", server.site("web1"));
    output::a_log_tells_all(&shell, "web1").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn where_one_session_is_all_there_is() {
    let server = Server::with(&ServerOptions {
        max_sessions: Some(1),
        ..ServerOptions::default()
    });
    let shell = Shell::with("web1", server.site("web1"));
    input::all_of_it_arrives(&shell).await;
    input::it_need_not_be_read(&shell).await;
    lines::they_come_and_then_the_end(&shell).await;
    lines::it_ends_when_it_is_to(&shell).await;
    service::it_is_as_it_was_told(&shell).await;
    drop(shell);
    server.assert_empty();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn the_options_of_ssh_are_used() {
    let server = Server::start();
    let ssh = Ssh::host("web2").config(server.config()).user("nobody-x");
    let failure = Shell::ssh(ssh).run(Script::raw("true")).await.unwrap_err();
    assert!(failure.kind().is_unreachable(), "{failure:?}");

    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("ssh");
    let note = folder.path().join("note");
    let text = format!(
        "#!/bin/sh\necho \"$*\" >>{}\nexec ssh \"$@\"\n",
        note.display()
    );
    std::fs::write(&program, text).unwrap();
    std::fs::set_permissions(
        &program,
        std::os::unix::fs::PermissionsExt::from_mode(0o700),
    )
    .unwrap();
    let ssh = Ssh::host("web2")
        .config(server.config())
        .user(server.user())
        .port(server.port())
        .program(&program);
    let output = Shell::ssh(ssh)
        .run(Script::raw("echo there"))
        .await
        .unwrap();
    assert_eq!(output.text(), "there");
    let noted = std::fs::read_to_string(note).unwrap();
    assert!(noted.contains(&server.port().to_string()), "{noted}");
    assert!(noted.contains(server.user()), "{noted}");
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn slow_connections_are_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config");
    std::fs::write(&config, "Host slow\n  ProxyCommand sleep 11\n").unwrap();
    let mut topology = Topology::new();
    topology.add("web1", Settings::new().host("slow").config(&config));
    let ran = run(topology, script(["web1"], "true"));
    let told: Vec<_> = ran
        .events
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::StillWaiting { source, silent, .. } => {
                Some((source.clone(), silent.as_secs()))
            }
            _ => None,
        })
        .collect();
    // How often it is tried is not for here.
    let source = SilentSource::Connection {
        host: "slow".to_owned(),
    };
    assert_eq!(source.to_string(), "the connection to slow");
    assert_eq!(told[0], (source, 10));
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_job_on_a_server_has_a_shell_here_too() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().join("here");
    let mut catalogue = Catalogue::new();
    catalogue.add(
        "job",
        ["web1"],
        [Action::new(move |cx: Cx| {
            let here = here.clone();
            async move {
                // Both at once: what one puts out is what the other reads.
                let (writer, reader) = tokio::io::duplex(1000);
                let count = Command::new(Script::raw(
                    "cat >$HOME/copy; wc -c <$HOME/copy; echo $SSH_CONNECTION",
                ))
                .stdin(Input::reader(reader));
                let (made, counted) = tokio::join!(
                    cx.local()
                        .run(Script::raw(
                            "head -c 100000 /dev/zero; echo \"[$SSH_CONNECTION]\" >&2"
                        ))
                        .stdout(writer),
                    cx.shell().run(count),
                );
                assert_eq!(made?.stderr_text(), "[]");
                let counted = counted?;
                let lines: Vec<_> = counted.lines().collect();
                assert_eq!(lines[0].trim(), "100000");
                assert!(lines[1].contains("127.0.0."));
                let file = tokio::fs::File::create(&here).await?;
                cx.shell()
                    .run(Script::raw("cat $HOME/copy"))
                    .stdout(file)
                    .await?;
                assert_eq!(tokio::fs::read(&here).await?, vec![0; 100_000]);
                Ok::<(), ploy::Error>(())
            }
        })],
    );
    let ran = run(three(&server), catalogue);
    assert!(ran.stats.is_ok(), "{:#?}", ran.faults("web1"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn what_nobody_reads_is_not_taken_for_a_command_that_does_not_end() {
    let server = Server::start();
    let shell = Shell::with("web1", server.site("web1"));
    let run = shell.run(Script::raw("yes"));
    let mut lines = run.timeout(Duration::from_millis(300)).lines();
    lines.next().await.unwrap().unwrap();
    // Longer than it takes from TERM to KILL, and from there until it is given up.
    tokio::time::sleep(Duration::from_secs(9)).await;
    let failure = loop {
        if let Err(failure) = lines.next().await.unwrap() {
            break failure;
        }
    };
    assert_eq!(failure.detail().to_string(), "it ran longer than 0.3 s");
}
