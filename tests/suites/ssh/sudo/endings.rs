//! The end of commands that another user runs.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use ploy::action::Action;
use ploy::catalogue::Catalogue;
use ploy::error::Kind;
use ploy::event::CancelReason;
use ploy::run::Runner;
use ploy::topology::Topology;
use ploy::{Cx, Script, Shell};
use ploy_tests::{Going, start, until};

use super::{Sudo, right};

/// Whether a `sleep` of so many seconds runs.
fn sleeps(seconds: u32) -> bool {
    let wanted = format!("sleep\0{seconds}\0");
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    entries
        .filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok())
        .any(|line| line == wanted.as_bytes())
}

#[track_caller]
fn assert_ends(seconds: u32) {
    until("it has ended", || !sleeps(seconds));
}

impl Sudo {
    /// Starts a run of one action on `web1`.
    fn start<F>(&self, act: impl Fn(Cx) -> F + Send + Sync + 'static) -> Going
    where
        F: Future<Output = Result<(), ploy::error::Failure>> + Send + 'static,
    {
        let mut topology = Topology::new();
        topology.add("web1", self.server.site("web1"));
        let mut catalogue = Catalogue::new();
        catalogue.add("job", ["web1"], [Action::new(act)]);
        let runner = Runner::new(topology, catalogue).passwords(&right());
        start(runner, |batch| async move {
            batch.run("job").await.into_result()
        })
    }
}

#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn what_is_cancelled_leaves_nothing() {
    for (input, seconds) in [(false, 2101), (true, 2102)] {
        let sudo = Sudo::all();
        let going = sudo.start(move |cx| async move {
            let text = format!("sh -c 'sleep {seconds}; :' & echo asleep.; wait");
            let run = cx.shell().sudo_sh(Script::raw(text));
            if input {
                run.stdin("in").await
            } else {
                run.await
            }
            .map(drop)
        });
        going.wait_for_output("asleep.");
        until("it sleeps", || sleeps(seconds));
        going.cancel(CancelReason::Interrupt);
        let ran = going.finish();
        assert_eq!(ran.stats.failed, 0);
        assert!(!sleeps(seconds));
        sudo.assert_empty();
    }
}

#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn one_command_is_told_to_end_by_sudo() {
    let sudo = Sudo::all();
    let going =
        sudo.start(|cx| async move { cx.shell().sudo(Script::raw("sleep 2103")).await.map(drop) });
    until("it sleeps", || sleeps(2103));
    going.cancel(CancelReason::Interrupt);
    going.finish();
    assert_ends(2103);
    sudo.assert_empty();
}

#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn what_is_stubborn_is_killed_as_root() {
    let sudo = Sudo::all();
    let going = sudo.start(|cx| async move {
        let text = "trap '' HUP INT TERM; echo asleep.; sleep 2104; sleep 2104; sleep 2104";
        cx.shell().sudo_sh(Script::raw(text)).await.map(drop)
    });
    going.wait_for_output("asleep.");
    until("it sleeps", || sleeps(2104));
    going.cancel(CancelReason::Interrupt);
    std::thread::sleep(Duration::from_millis(500));
    assert!(sleeps(2104));
    let begin = Instant::now();
    going.cancel(CancelReason::SecondSignal);
    going.finish();
    assert_ends(2104);
    assert!(begin.elapsed() < Duration::from_secs(20));
    sudo.assert_empty();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn what_cannot_be_killed_is_told() {
    let sudo = Sudo::all();
    let shell = sudo.shell();
    let script = Script::raw("sh -c \"trap '' TERM; sleep 18 & wait; wait; sleep 18\"");
    let run = shell.sudo(script).timeout(Duration::from_secs(1));
    let failure = run.await.unwrap_err();
    assert_eq!(failure.kind(), Kind::Timeout, "{failure:?}");
    assert!(
        failure.hint().unwrap().contains("only root can kill"),
        "{failure:?}"
    );
    assert_ends(18);
    // What `sudo_sh` runs is killed.
    let run = shell.sudo_sh(Script::raw("trap '' TERM; sleep 2105; sleep 2105"));
    let failure = run.timeout(Duration::from_secs(1)).await.unwrap_err();
    assert_eq!(failure.kind(), Kind::Timeout, "{failure:?}");
    assert_ends(2105);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn what_is_left_in_the_background_is_ended() {
    let sudo = Sudo::all();
    let shell = sudo.shell();
    let output = shell
        .sudo_sh(Script::raw(
            "(trap '' TERM; sleep 2106; sleep 2106) & echo left",
        ))
        .await
        .unwrap();
    assert_eq!(
        (output.text(), output.stderr_text()),
        ("left".into(), "".into())
    );
    assert_ends(2106);
    drop(shell);
    sudo.assert_empty();
}

/// The answer that it waits for does not come: another site tries it, whose sudo takes its time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn a_command_that_is_dropped_while_it_asks_leaves_nothing() {
    let (sudo, slow) = (Sudo::all(), Sudo::all());
    slow.user.write(".bashrc", "PATH=$HOME/bin:$PATH\n");
    let script = "#!/bin/sh\n\"$SUDO_ASKPASS\" \"$3\" >/dev/null\nexec sleep 2107\n";
    slow.user.write("bin/sudo", script);
    let program = slow.user.home().join("bin/sudo");
    std::fs::set_permissions(program, Permissions::from_mode(0o755)).unwrap();
    let passwords = right();
    let shell = |sudo: &Sudo, name: &str| {
        let site = sudo.server.site(name).password_domain("prod");
        Shell::with(name, site).with_passwords(&passwords)
    };
    let first = shell(&slow, "web1");
    let trying = tokio::spawn(async move { first.verify_password().await });
    let asleep = || until("the first sudo is slow", || sleeps(2107));
    tokio::task::spawn_blocking(asleep).await.unwrap();
    let second = shell(&sudo, "web2");
    let waiting = second.sudo_sh(Script::raw("id"));
    let dropped = tokio::time::timeout(Duration::from_secs(1), waiting.into_future()).await;
    assert!(dropped.is_err(), "{dropped:?}");
    drop(second);
    trying.abort();
    let _ = trying.await;
    assert_ends(2107);
    sudo.assert_empty();
}
