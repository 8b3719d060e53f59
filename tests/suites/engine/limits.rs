//! Retries, time-outs, budgets of the whole run, running once, and jobs that may finish.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use ploy::action::Action;
use ploy::error::Kind;
use ploy::event::{ActionId, CancelReason, EventKind, TaskResult};
use ploy::run::Runner;
use ploy::scheduling::{Amount, Mode, Options, Stage};
use ploy::{Cx, Error, Script};
use ploy_tests::{Mark, start};

use super::{MODES, command, err, err_on, jobs, ok, run, sites};

/// Fails so often, and then succeeds.
fn flaky(times: u32) -> Action {
    Action::new(move |cx: Cx| async move {
        cx.report(cx.action_id());
        cx.shell().run(Script::raw("true")).await?;
        if cx.attempt() <= times {
            Err(Error::msg("not yet"))
        } else {
            Ok(())
        }
    })
}

#[test]
fn what_fails_is_tried_again_under_the_same_number() {
    for mode in MODES {
        let stage = Stage::new(mode, ["a", "b"])
            .retries(3)
            .backoff(Duration::from_millis(1));
        let ran = run(sites(1), jobs([("a", flaky(2)), ("b", ok())]), stage);
        assert!(ran.stats.is_ok(), "{mode}: {:?}", ran.stats);
        assert_eq!((ran.stats.succeeded, ran.stats.retried), (2, 2));
        let ids = ran.reports();
        let (first, rest) = ids.split_first().unwrap();
        assert_eq!(rest, [format!("{first}.2"), format!("{first}.3")]);
        let attempts: Vec<u32> = ran
            .events
            .iter()
            .filter_map(|event| match event.kind {
                EventKind::ActionStarted {
                    action: ActionId(1),
                    attempt,
                    ..
                } => Some(attempt),
                _ => None,
            })
            .collect();
        assert_eq!(attempts, [1, 2, 3]);
    }
}

#[test]
fn the_last_try_counts() {
    let stage = Stage::of("a").retries(2).backoff(Duration::from_millis(1));
    let ran = start(
        Runner::new(sites(2), jobs([("a", flaky(9))])),
        |batch| async move {
            let outcome = batch.stage(stage).await;
            assert_eq!(
                (outcome.error_count(), outcome.errors().len()),
                (2, 2),
                "one error a site"
            );
            outcome.into_result()
        },
    )
    .finish();
    assert_eq!((ran.stats.failed, ran.stats.retried), (2, 4));
}

#[test]
fn a_wrong_use_is_not_tried_again() {
    let wrong = Action::new(|cx: Cx| async move { cx.var::<u32>("missing").map(drop) });
    let ran = run(sites(1), jobs([("a", wrong)]), Stage::of("a").retries(5));
    assert_eq!((ran.stats.failed, ran.stats.retried), (1, 0));
}

#[test]
fn a_cancel_ends_the_wait_for_another_try() {
    let going = start(
        Runner::new(sites(1), jobs([("a", err())])),
        |batch| async move {
            batch
                .run("a")
                .retries(5)
                .backoff(Duration::from_secs(3600))
                .await
                .into_result()
        },
    );
    going.wait_for(1, |kind| {
        matches!(
            kind,
            EventKind::ActionFinished {
                retry_in: Some(_),
                ..
            }
        )
    });
    going.cancel(CancelReason::Interrupt);
    let ran = going.finish();
    assert_eq!((ran.stats.failed, ran.stats.retried), (1, 1));
}

#[test]
fn an_action_whose_time_is_up_is_ended_with_its_commands() {
    let mark = Mark::new();
    let (name, value) = mark.variable();
    let mut topology = sites(1);
    topology.update(["all"], ploy::topology::Settings::new().env(name, value));
    let catalogue = jobs([("a", command("sleep 1200 & sleep 1201")), ("b", ok())]);
    let stage = Stage::of(["a", "b"]).timeout(Duration::from_millis(300));
    let ran = run(topology, catalogue, stage);
    assert_eq!(
        (ran.stats.failed, ran.stats.skipped, ran.stats.cancelled),
        (1, 1, 0)
    );
    let fault = ran.fault("s1");
    assert_eq!(
        (fault.kind, fault.to_string().as_str()),
        (Kind::Timeout, "the action ran longer than 0.3 s")
    );
    assert!(
        ran.events
            .iter()
            .any(|event| {
                matches!(event.kind, EventKind::TimedOut { limit, .. } if limit == Duration::from_millis(300))
            })
    );
    mark.wait_until_gone(|_| false);
}

#[test]
fn an_action_that_does_not_listen_is_given_up() {
    // Nothing can end a thread: the run goes on without it.
    let deaf = Action::new(|_| async { std::future::pending::<()>().await });
    let stage = Stage::of("a")
        .timeout(Duration::from_millis(50))
        .break_on_error(false);
    let ran = run(sites(1), jobs([("a", deaf)]), stage);
    assert_eq!(ran.stats.failed, 1);
    assert_eq!(ran.fault("s1").kind, Kind::Timeout);
}

#[test]
fn each_try_has_the_time_of_an_action_and_all_together_that_of_a_task() {
    let tries = Arc::new(AtomicU32::new(0));
    let seen = tries.clone();
    let slow = Action::new(move |cx: Cx| {
        seen.fetch_add(1, Ordering::SeqCst);
        async move { cx.cancelled().await }
    });
    let stage = Stage::of("a")
        .timeout(Duration::from_millis(30))
        .retries(1000)
        .backoff(Duration::from_millis(1))
        .task_timeout(Duration::from_millis(400));
    let ran = run(sites(1), jobs([("a", slow)]), stage);
    assert_eq!(
        (ran.stats.failed, ran.result("s1", "a")),
        (1, Some(TaskResult::Failed))
    );
    let tries = tries.load(Ordering::SeqCst);
    assert!((2..=13).contains(&tries), "{tries}");
    let last = ran.faults("s1").pop().unwrap();
    assert_eq!(last.kind, Kind::Timeout);
}

#[test]
fn once_runs_each_job_on_its_first_site() {
    for mode in MODES {
        let ran = run(
            sites(3),
            jobs([("a", ok()), ("b", ok())]),
            Stage::new(mode, ["a", "b"]).once(true),
        );
        let sites: Vec<String> = ran.started().into_iter().map(|(site, _)| site).collect();
        assert_eq!(sites, ["s1", "s1"], "{mode}");
    }
}

#[test]
fn a_share_of_the_tasks_may_fail() {
    let fails = Action::new(|cx: Cx| async move {
        if ["s1", "s2"].contains(&cx.site().name()) {
            Err(Error::msg("it went wrong"))
        } else {
            Ok(())
        }
    });
    let stage = |percent| Stage::new(Mode::Atomic, "a").max_fail(Amount::percent(percent));
    let ran = run(sites(10), jobs([("a", fails.clone())]), stage(10));
    assert_eq!(
        (ran.stats.failed, ran.stats.skipped),
        (2, 8),
        "one of ten may"
    );
    let ran = run(sites(10), jobs([("a", fails)]), stage(20));
    assert_eq!(
        (ran.stats.failed, ran.stats.succeeded),
        (2, 8),
        "two of ten may"
    );
}

#[test]
fn a_limit_for_the_run_counts_the_failures_of_all_its_stages() {
    let runner = Runner::new(sites(4), jobs([("a", err_on("s1")), ("b", ok())]));
    let runner = runner.overrides(Options::new().max_fail(1));
    let ran = start(runner, |batch| async move {
        assert_eq!(batch.run("a").await.error_count(), 1);
        assert_eq!(
            batch.run("b").await.skipped().count(),
            0,
            "one failure is allowed"
        );
        assert_eq!(batch.run("a").await.error_count(), 1);
        let held = batch.run("b").await;
        assert_eq!(held.skipped().count(), 4, "two are not");
    })
    .finish();
    assert!(ran.stats.budget_spent);
    assert_eq!((ran.stats.failed, ran.stats.skipped), (2, 4));
}

#[test]
fn what_overrides_holds_whatever_a_stage_says() {
    let runner = Runner::new(sites(2), jobs([("a", err()), ("b", ok())]));
    let ran = start(
        runner.overrides(Options::new().break_on_error(false)),
        |batch| async move {
            batch
                .run(["a", "b"])
                .break_on_error(true)
                .await
                .into_result()
        },
    )
    .finish();
    assert_eq!((ran.stats.failed, ran.stats.succeeded), (2, 2));
}

#[test]
fn a_critical_job_may_finish() {
    let release = Arc::new(tokio::sync::Notify::new());
    let wait = release.clone();
    let switch = Action::new(move |cx: Cx| {
        let wait = wait.clone();
        async move {
            cx.report("here");
            wait.notified().await;
            assert!(!cx.is_cancelled());
            cx.shell().run(Script::raw("echo switched")).await.map(drop)
        }
    });
    let other = Action::new(|cx: Cx| async move {
        cx.report("here");
        cx.cancelled().await;
        Err::<(), _>(Error::msg("ended"))
    });
    let mut catalogue = jobs([("switch", switch), ("other", other), ("later", ok())]);
    catalogue.critical("switch");
    let going = start(Runner::new(sites(1), catalogue), |batch| async move {
        batch.parallel(["switch", "other"]).await.into_result()?;
        batch.run("later").await.into_result()
    });
    going.wait_for(2, |kind| matches!(kind, EventKind::Report { .. }));
    going.cancel(CancelReason::Interrupt);
    // The other one has ended before this one goes on.
    going.wait_for(1, |kind| matches!(kind, EventKind::TaskFinished { .. }));
    release.notify_one();
    let ran = going.finish();
    assert_eq!(ran.text("s1"), "switched\n");
    assert_eq!(ran.result("s1", "switch"), Some(TaskResult::Succeeded));
    assert_eq!(ran.result("s1", "later"), None);
}

#[test]
fn a_second_signal_ends_a_critical_job_too() {
    let mut catalogue = jobs([("switch", command("echo asleep; exec sleep 1300"))]);
    catalogue.critical("switch");
    let going = start(Runner::new(sites(1), catalogue), |batch| async move {
        batch.run("switch").await.into_result()
    });
    going.wait_for_output("asleep");
    going.cancel(CancelReason::Interrupt);
    going.wait_for(1, |kind| matches!(kind, EventKind::CancelStarted { .. }));
    going.cancel(CancelReason::Interrupt);
    assert_eq!(going.finish().stats.cancelled, 1);
}

#[test]
fn a_time_that_never_comes_is_no_limit() {
    let stage = Stage::of("a")
        .timeout(Duration::MAX)
        .task_timeout(Duration::MAX);
    assert!(run(sites(1), jobs([("a", ok())]), stage).stats.is_ok());
}

#[test]
fn a_task_without_time_has_no_further_try_though_its_last_one_is_ending() {
    // The time of the task is up after that of the try, and before the try has ended.
    let slow = Action::new(|cx: Cx| async move {
        cx.cancelled().await;
        tokio::time::sleep(Duration::from_millis(300)).await;
    });
    let stage = Stage::of("a")
        .timeout(Duration::from_millis(20))
        .task_timeout(Duration::from_millis(120))
        .retries(1000)
        .backoff(Duration::from_millis(1));
    let ran = run(sites(1), jobs([("a", slow)]), stage);
    assert_eq!((ran.stats.failed, ran.stats.retried), (1, 0));
    assert_eq!(
        ran.fault("s1").to_string(),
        "the task ran longer than 0.12 s"
    );
}
