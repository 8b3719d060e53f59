//! What ends, and does not go on behind the back of the run.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use ploy::action::Action;
use ploy::event::{CancelReason, EventKind, TaskResult, WaitTarget};
use ploy::run::Runner;
use ploy::scheduling::Stage;
use ploy::{Cx, Error};
use ploy_tests::start;

use super::{jobs, run, sites};

fn milliseconds(number: u64) -> Duration {
    Duration::from_millis(number)
}

#[test]
fn a_time_out_is_for_what_runs_and_not_for_what_waits_to_be_tried_again() {
    let flaky = Action::new(|cx: Cx| async move {
        if cx.attempt() == 1 {
            Err(Error::msg("not yet"))
        } else {
            Ok(())
        }
    });
    let stage = Stage::of("a")
        .retries(1)
        .backoff(milliseconds(800))
        .timeout(milliseconds(200));
    let ran = run(sites(1), jobs([("a", flaky)]), stage);
    assert!(ran.stats.is_ok(), "{:?}", ran.faults("s1"));
}

#[test]
fn what_could_not_be_ended_is_not_tried_again_beside_itself() {
    let (inside, most) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let (now, peak) = (inside, most.clone());
    // Nothing ends a thread.
    let deaf = Action::blocking(move |_| {
        peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::sleep(milliseconds(12_000));
        now.fetch_sub(1, Ordering::SeqCst);
    });
    let stage = Stage::of("a")
        .timeout(milliseconds(200))
        .retries(1)
        .backoff(milliseconds(1));
    let ran = run(sites(1), jobs([("a", deaf)]), stage);
    assert_eq!(
        (
            most.load(Ordering::SeqCst),
            ran.stats.retried,
            ran.stats.failed
        ),
        (1, 0, 1)
    );
}

#[test]
fn what_is_deferred_ends_with_an_action_that_is_given_up() {
    let ticks = Arc::new(AtomicU32::new(0));
    let (count, seen) = (ticks.clone(), ticks);
    let work = Action::new(move |cx: Cx| {
        let count = count.clone();
        async move {
            cx.defer(async move {
                while count.fetch_add(1, Ordering::SeqCst) < u32::MAX {
                    tokio::time::sleep(milliseconds(20)).await;
                }
            });
        }
    });
    let ran = start(
        Runner::new(sites(1), jobs([("a", work)])),
        move |batch| async move {
            let outcome = batch.run("a").timeout(milliseconds(100)).await;
            let at_the_end = seen.load(Ordering::SeqCst);
            tokio::time::sleep(milliseconds(500)).await;
            assert!(seen.load(Ordering::SeqCst) <= at_the_end + 1);
            outcome.into_result()
        },
    )
    .finish();
    assert!(!ran.stats.schedule_failed && ran.stats.failed == 1);
}

#[test]
fn background_work_that_is_told_to_end_begins_no_other() {
    let work = Action::new(|cx: Cx| async move {
        cx.background("one", |cx| async move {
            cx.cancelled().await;
            cx.background("two", |cx| async move {
                cx.cancelled().await;
            });
        });
    });
    let runner = Runner::new(sites(1), jobs([("a", work)])).background_grace(milliseconds(200));
    let ran = start(
        runner,
        |batch| async move { batch.run("a").await.into_result() },
    )
    .finish();
    let begun = ran
        .events
        .iter()
        .filter(|event| matches!(event.kind, EventKind::BackgroundStarted { .. }));
    assert_eq!((begun.count(), ran.stats.background_failed), (1, 1));
}

#[test]
fn a_second_signal_gives_time_to_die_whatever_was_due_before() {
    // Its time is up at once, and 5 s later it would be killed; the second signal comes shortly
    // before that.
    let slow = Action::new(|cx: Cx| async move {
        cx.cancelled().await;
        tokio::time::sleep(milliseconds(7_000)).await;
        cx.report("ended by itself");
    });
    let going = start(
        Runner::new(sites(1), jobs([("a", slow)])),
        |batch| async move {
            batch
                .run("a")
                .timeout(milliseconds(100))
                .await
                .into_result()
        },
    );
    std::thread::sleep(milliseconds(4_600));
    going.cancel(CancelReason::Interrupt);
    going.cancel(CancelReason::Interrupt);
    assert_eq!(going.finish().reports(), ["ended by itself"]);
}

#[test]
fn a_critical_job_may_still_wait_for_another() {
    let work = Action::new(|cx: Cx| async move {
        if cx.site().name() == "s1" {
            let _guard = cx.lock("x").acquire().await?;
            cx.latch("taken").fire();
            tokio::time::sleep(milliseconds(1_500)).await;
        } else {
            cx.latch("taken").wait().await?;
            let _guard = cx.lock("x").acquire().await?;
        }
        Ok::<(), Error>(())
    });
    let mut catalogue = jobs([("a", work)]);
    catalogue.critical("a");
    let going = start(Runner::new(sites(2), catalogue), |batch| async move {
        batch.run("a").await.into_result()
    });
    going.wait_for(1, |kind| {
        matches!(
            kind,
            EventKind::WaitStarted {
                target: WaitTarget::Lock(_),
                ..
            }
        )
    });
    going.cancel(CancelReason::Interrupt);
    let ran = going.finish();
    for site in ["s1", "s2"] {
        assert_eq!(
            ran.result(site, "a"),
            Some(TaskResult::Succeeded),
            "{:?}",
            ran.faults(site)
        );
    }
}
