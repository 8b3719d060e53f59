//! Cancelled runs, on this machine.

use std::sync::Arc;

use ploy::action::Action;
use ploy::error::Kind;
use ploy::event::{CancelReason, TaskResult};
use ploy::run::Runner;
use ploy::scheduling::{Mode, Stage};
use ploy::topology::{Settings, Topology};
use ploy::{Cx, Script};
use ploy_tests::{Going, Mark, start};
use tokio::sync::Notify;

use super::{command, jobs, ok};

/// A run of `a` and then `b` on two sites whose commands carry a mark.
fn going(a: Action, stage: Stage) -> (Going, Mark) {
    let mark = Mark::new();
    let (name, value) = mark.variable();
    let mut topology = Topology::new();
    for site in ["s1", "s2"] {
        topology.add(site, Settings::new().roles(["all"]).env(name, value));
    }
    let runner = Runner::new(topology, jobs([("a", a), ("b", ok())]));
    (
        start(runner, |batch| async move {
            batch.stage(stage).await.into_result()
        }),
        mark,
    )
}

fn stage() -> Stage {
    Stage::new(Mode::SiteSequential, ["a", "b"])
}

#[test]
fn what_runs_ends_and_nothing_more_starts() {
    let (going, mark) = going(
        command("sleep 1100 | cat & sh -c 'sleep 1101; :' & echo asleep; wait"),
        stage(),
    );
    going.wait_for(2, |kind| {
        matches!(kind, ploy::event::EventKind::Output { .. })
    });
    ploy_tests::until("all of them sleep", || mark.running("sleep 110").len() >= 4);
    going.cancel(CancelReason::Interrupt);
    let ran = going.finish();
    assert_eq!(
        (ran.stats.cancelled, ran.stats.skipped, ran.stats.failed),
        (2, 2, 0)
    );
    assert_eq!(ran.stats.cancel, Some(CancelReason::Interrupt));
    for site in ["s1", "s2"] {
        assert_eq!(ran.result(site, "a"), Some(TaskResult::Cancelled));
        assert_eq!(ran.fault(site).kind, Kind::Cancelled);
    }
    mark.wait_until_gone(|_| false);
}

#[test]
fn a_second_signal_kills_what_ignores_the_first() {
    let (going, mark) = going(
        command("trap '' TERM; echo asleep; while :; do sleep 1; done"),
        stage(),
    );
    going.wait_for(2, |kind| {
        matches!(kind, ploy::event::EventKind::Output { .. })
    });
    going.cancel(CancelReason::Terminate);
    going.wait_for(1, |kind| {
        matches!(kind, ploy::event::EventKind::CancelStarted { .. })
    });
    going.cancel(CancelReason::Interrupt);
    let ran = going.finish();
    assert!(ran.stats.killed);
    assert_eq!(ran.stats.cancelled, 2);
    mark.wait_until_gone(|_| false);
}

#[test]
fn an_action_may_finish_in_its_grace() {
    let action = Action::new(|cx: Cx| async move {
        cx.shell().run(Script::raw("echo asleep")).await?;
        cx.cancelled().await;
        assert!(cx.is_cancelled());
        cx.report("tidied up");
        Ok::<(), ploy::Error>(())
    });
    let (going, _mark) = going(action, stage());
    going.wait_for(2, |kind| {
        matches!(kind, ploy::event::EventKind::CommandFinished { .. })
    });
    going.cancel(CancelReason::Requested);
    let ran = going.finish();
    assert_eq!(ran.reports(), ["tidied up", "tidied up"]);
    assert_eq!((ran.stats.succeeded, ran.stats.skipped), (2, 2));
    assert!(
        !ran.stats.is_ok(),
        "the run did not do all that it was asked to"
    );
}

#[test]
fn a_cancelled_action_starts_no_command() {
    let action = Action::new(|cx: Cx| async move {
        cx.report("here");
        cx.cancelled().await;
        cx.shell().run(Script::raw("echo too late")).await.map(drop)
    });
    let (going, _mark) = going(action, stage());
    going.wait_for(2, |kind| {
        matches!(kind, ploy::event::EventKind::Report { .. })
    });
    going.cancel(CancelReason::Interrupt);
    let ran = going.finish();
    assert_eq!(ran.text("s1"), "");
    assert!(
        !ran.events
            .iter()
            .any(|event| matches!(event.kind, ploy::event::EventKind::CommandStarted { .. }))
    );
    assert_eq!(ran.stats.cancelled, 2);
}

#[test]
fn an_action_that_never_ends_is_abandoned_after_a_second_signal() {
    let action = Action::new(|cx: Cx| async move {
        cx.report("here");
        std::future::pending::<()>().await;
    });
    let (going, _mark) = going(action, stage());
    going.wait_for(2, |kind| {
        matches!(kind, ploy::event::EventKind::Report { .. })
    });
    going.cancel(CancelReason::Interrupt);
    going.cancel(CancelReason::Interrupt);
    let ran = going.finish();
    assert_eq!(ran.stats.cancelled, 2);
    assert!(ran.stats.killed);
}

#[test]
fn a_cancel_before_anything_started_ends_the_run() {
    let runner = Runner::new(super::sites(2), jobs([("a", ok())]));
    let canceller = runner.canceller();
    canceller.cancel(CancelReason::Interrupt);
    let ran = start(
        runner,
        |batch| async move { batch.run("a").await.into_result() },
    )
    .finish();
    assert_eq!(
        (ran.stats.succeeded, ran.stats.cancel),
        (0, Some(CancelReason::Interrupt))
    );
    assert!(ran.started().is_empty());
}

#[test]
fn a_background_child_ends_with_its_command() {
    let (going, mark) = going(command("sleep 1110 >/dev/null 2>&1 & echo done"), stage());
    let ran = going.finish();
    assert!(ran.stats.is_ok());
    mark.wait_until_gone(|_| false);
}

#[test]
fn a_dropped_command_ends_and_is_told_to_have_ended() {
    let action = Action::new(|cx: Cx| async move {
        let sleep = IntoFuture::into_future(cx.shell().run(Script::raw("echo asleep; sleep 1120")));
        let limit = std::time::Duration::from_millis(500);
        assert!(tokio::time::timeout(limit, sleep).await.is_err());
    });
    let (going, mark) = going(action, stage());
    let ran = going.finish();
    assert!(ran.stats.is_ok());
    mark.wait_until_gone(|_| false);
}

#[test]
fn an_action_that_left_a_task_behind_says_nothing_after_its_end() {
    let (tell, told) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (wait, done) = (tell.clone(), told.clone());
    let leave = Action::new(move |cx: Cx| {
        let (wait, done) = (wait.clone(), done.clone());
        async move {
            tokio::spawn(async move {
                wait.notified().await;
                cx.report("I am still here");
                done.notify_one();
            });
        }
    });
    let next = Action::new(move |_| {
        let (tell, told) = (tell.clone(), told.clone());
        async move {
            tell.notify_one();
            told.notified().await;
        }
    });
    let runner = Runner::new(super::sites(1), jobs([("a", leave), ("b", next)]));
    // The rules that hold for every run are checked at its end.
    let ran = start(runner, |batch| async move {
        batch.run(["a", "b"]).await.into_result()
    })
    .finish();
    assert_eq!(ran.stats.succeeded, 2);
}

#[test]
fn a_command_that_an_action_left_behind_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pid");
    let script = Script::raw(format!(
        "echo $$ >{0}.new && mv {0}.new {0}; sleep 1132",
        file.display()
    ));
    let written = file.clone();
    let leave = Action::new(move |cx: Cx| {
        let (script, written) = (script.clone(), written.clone());
        async move {
            tokio::spawn(async move { drop(cx.shell().run(script).await) });
            while !written.exists() {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        }
    });
    let pid = move || std::fs::read_to_string(&file).unwrap().trim().to_owned();
    let going = start(
        Runner::new(super::sites(1), jobs([("a", leave)])),
        |batch| async move { batch.run("a").await.into_result() },
    );
    assert!(going.finish().stats.is_ok());
    let status = format!("/proc/{}/stat", pid());
    // Gone, or dead and not yet buried by whoever is to.
    ploy_tests::until("the command that was left behind is gone", || {
        std::fs::read_to_string(&status).map_or(true, |stat| stat.contains(") Z "))
    });
}

#[test]
fn a_run_that_is_dropped_ends_what_it_started() {
    let mark = Mark::new();
    let (name, value) = mark.variable();
    let mut topology = super::sites(2);
    topology.update(["all"], Settings::new().env(name, value));
    let recorder = ploy_tests::Recorder::default();
    let runner = Runner::new(
        topology,
        jobs([("a", command("echo asleep; sleep 1500; :"))]),
    );
    let runner = runner.reporter(recorder.clone());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let run = runtime.spawn(runner.run(|batch| async move { batch.run("a").await.into_result() }));
    recorder.wait_for(2, |kind| {
        matches!(kind, ploy::event::EventKind::Output { .. })
    });
    run.abort();
    // The program goes on; the commands do not.
    mark.wait_until_gone(|_| false);
    runtime.shutdown_background();
}
