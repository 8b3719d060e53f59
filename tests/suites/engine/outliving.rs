//! Work that an action does not wait for: deferred, and in the background.

use std::time::Duration;

use ploy::action::Action;
use ploy::error::Kind;
use ploy::event::{ActionId, CancelReason, EventKind, TaskResult};
use ploy::run::Runner;
use ploy::scheduling::Stage;
use ploy::{Cx, Error, Script};
use ploy_tests::{Ran, start};

use super::{jobs, ok, run, sites, unlucky};

#[test]
fn a_task_ends_when_what_it_deferred_has() {
    let work = Action::new(|cx: Cx| async move {
        let inner = cx.clone();
        cx.defer(async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let later = inner.clone();
            // What is deferred may defer more.
            inner.defer(async move { later.shell().run(Script::raw("echo late")).await.map(drop) });
        });
        cx.report("returned");
    });
    let after = Action::new(|cx: Cx| async move { cx.report("after") });
    let ran = run(
        sites(1),
        jobs([("a", work), ("b", after)]),
        Stage::of(["a", "b"]),
    );
    assert!(ran.stats.is_ok(), "{:?}", ran.stats);
    assert_eq!(
        (ran.text("s1").as_str(), ran.reports()),
        ("late\n", vec!["returned".to_owned(), "after".to_owned()])
    );
}

#[test]
fn the_failure_of_what_is_deferred_is_the_actions() {
    let work = Action::new(|cx: Cx| async move {
        cx.defer(async { Err::<(), _>(Error::msg("it went wrong later")) });
        cx.defer(async { unlucky() });
    });
    let ran = run(
        sites(1),
        jobs([("a", work), ("b", ok())]),
        Stage::of(["a", "b"]),
    );
    assert_eq!((ran.stats.failed, ran.stats.skipped), (1, 1));
    let mut texts: Vec<String> = ran.faults("s1").iter().map(ToString::to_string).collect();
    texts.sort();
    assert_eq!(
        texts,
        ["it went wrong later", "the job panicked: no such luck"]
    );
}

#[test]
fn nothing_can_be_deferred_by_an_action_that_has_ended() {
    let work = Action::new(|cx: Cx| async move {
        tokio::spawn(async move {
            // Whoever keeps the context for longer than the action is told.
            while !cx.is_cancelled() {
                tokio::task::yield_now().await;
            }
            cx.defer(async {});
        });
    });
    assert!(
        run(sites(1), jobs([("a", work)]), Stage::of("a"))
            .stats
            .is_ok()
    );
}

fn background(ran: &Ran) -> Vec<TaskResult> {
    ran.events
        .iter()
        .filter_map(|event| match event.kind {
            EventKind::BackgroundFinished { result, .. } => Some(result),
            _ => None,
        })
        .collect()
}

#[test]
fn work_in_the_background_outlives_its_task() {
    let begin = Action::new(|cx: Cx| async move {
        let parent = cx.count();
        cx.background("reindex", move |cx| async move {
            assert_ne!(cx.count(), parent);
            cx.latch("go").wait().await?;
            cx.shell().run(Script::raw("echo reindexed")).await?;
            cx.report("done");
            Ok::<(), Error>(())
        });
    });
    let go = Action::new(|cx: Cx| async move { cx.latch("go").fire() });
    let ran = run(
        sites(1),
        jobs([("a", begin), ("b", go)]),
        Stage::of(["a", "b"]),
    );
    assert!(ran.stats.is_ok(), "{:?}", ran.stats);
    assert_eq!(background(&ran), [TaskResult::Succeeded]);
    assert_eq!(ran.reports(), ["done"]);
    assert!(ran.events.iter().any(|event| matches!(
        event.kind,
        EventKind::BackgroundStarted {
            parent: ActionId(1),
            ..
        }
    )));
}

#[test]
fn its_failure_makes_the_run_fail() {
    let begin = Action::new(|cx: Cx| async move {
        cx.background("reindex", |_| async {
            Err::<(), _>(Error::msg("no index"))
        });
    });
    let ran = run(sites(2), jobs([("a", begin)]), Stage::of("a"));
    assert_eq!(
        (
            ran.stats.succeeded,
            ran.stats.failed,
            ran.stats.background_failed
        ),
        (2, 0, 2)
    );
    assert!(!ran.stats.is_ok());
}

#[test]
fn at_the_end_it_has_its_grace_and_then_has_failed() {
    let begin = Action::new(|cx: Cx| async move {
        cx.background("watch", |cx: Cx| async move {
            cx.shell().run(Script::raw("sleep 1400")).await.map(drop)
        });
    });
    let runner =
        Runner::new(sites(1), jobs([("a", begin)])).background_grace(Duration::from_millis(100));
    let ran = start(
        runner,
        |batch| async move { batch.run("a").await.into_result() },
    )
    .finish();
    assert_eq!((ran.stats.succeeded, ran.stats.background_failed), (1, 1));
    let (faults, awaited) = ran.events.iter().fold(
        (Vec::new(), false),
        |(faults, awaited), event| match &event.kind {
            EventKind::BackgroundFinished { errors, .. } => (errors.clone(), awaited),
            EventKind::BackgroundAwaited { running: 1, grace }
                if *grace == Duration::from_millis(100) =>
            {
                (faults, true)
            }
            _ => (faults, awaited),
        },
    );
    assert!(awaited);
    assert_eq!(faults[0].kind, Kind::Timeout);
    assert!(
        faults[0]
            .to_string()
            .starts_with("it was still running 0.1 s after"),
        "{faults:?}"
    );
}

#[test]
fn a_cancel_ends_it_and_nothing_new_begins() {
    let begin = Action::new(|cx: Cx| async move {
        let parent = cx.clone();
        cx.background("watch", move |cx| async move {
            cx.cancelled().await;
            parent.background("too late", |_| async {});
            Err::<(), _>(Error::msg("ended"))
        });
    });
    let going = start(
        Runner::new(sites(1), jobs([("a", begin)])),
        |batch| async move { batch.run("a").await.into_result() },
    );
    going.wait_for(1, |kind| {
        matches!(kind, EventKind::BackgroundAwaited { .. })
    });
    going.cancel(CancelReason::Interrupt);
    let ran = going.finish();
    assert_eq!(background(&ran).len(), 1);
    assert_eq!(ran.stats.cancel, Some(CancelReason::Interrupt));
}
