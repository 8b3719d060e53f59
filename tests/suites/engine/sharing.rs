//! What the actions of a run share: spaces, locks, queues, latches, barriers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use ploy::action::Action;
use ploy::catalogue::Catalogue;
use ploy::error::Kind;
use ploy::event::{CancelReason, EventKind, TaskResult};
use ploy::run::Runner;
use ploy::scheduling::{Mode, Stage};
use ploy::{Cx, Error, Key, Script};
use ploy_tests::start;

use super::{MODES, jobs, ok, run, sites};

const COUNT: Key<u32> = Key::new("count");
const NAMES: Key<Vec<String>> = Key::new("names");

#[test]
fn a_run_has_a_space_and_each_site_one() {
    let count = Action::new(|cx: Cx| async move {
        cx.space().update(COUNT, |count| *count += 1);
        cx.site_space().update(COUNT, |count| *count += 1);
        cx.space()
            .update(NAMES, |names| names.push(cx.site().name().to_owned()));
    });
    let catalogue = jobs([("a", count.clone()), ("b", count)]);
    let ran = start(Runner::new(sites(8), catalogue), |batch| async move {
        batch.space().set(COUNT, 100);
        batch.parallel(["a", "b"]).await.into_result()?;
        batch.run("a").await.into_result()?;
        assert_eq!(batch.space().get(COUNT), Some(124), "stages share it");
        assert_eq!(batch.site_space("s3").get(COUNT), Some(3));
        assert_eq!(batch.space().take(NAMES).map(|names| names.len()), Some(24));
        Ok::<(), Error>(())
    })
    .finish();
    assert!(ran.stats.is_ok());
}

#[test]
fn one_action_at_a_time_has_a_lock() {
    let (inside, most) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let (now, peak) = (inside.clone(), most.clone());
    let work = Action::new(move |cx: Cx| {
        let (now, peak) = (now.clone(), peak.clone());
        async move {
            let lock = cx.lock("deploy");
            let guard = lock.acquire().await?;
            assert_eq!(
                lock.owner().await,
                Some(format!("a on {}", cx.site().name()))
            );
            peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            now.fetch_sub(1, Ordering::SeqCst);
            guard.release();
            Ok::<(), Error>(())
        }
    });
    let ran = run(sites(20), jobs([("a", work)]), Stage::of("a"));
    assert!(ran.stats.is_ok(), "{:?}", ran.stats);
    assert_eq!(most.load(Ordering::SeqCst), 1);
}

#[test]
fn whoever_waits_gives_its_place_to_others() {
    // With one site at a time, s1 waits for what only s2 does.
    let work = Action::new(|cx: Cx| async move {
        match cx.site().name() {
            "s1" => cx.latch("go").wait().await?,
            _ => cx.latch("go").fire(),
        }
        Ok::<(), Error>(())
    });
    for mode in [Mode::SiteSequential, Mode::Sequential, Mode::Parallel] {
        let ran = run(
            sites(2),
            jobs([("a", work.clone())]),
            Stage::new(mode, "a").fanout(1),
        );
        assert!(ran.stats.is_ok(), "{mode}: {:?}", ran.faults("s1"));
    }
}

#[test]
fn places_are_taken_back_one_by_one() {
    // Hundreds wait at the barrier, and only four at a time go on.
    let (inside, most) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let (now, peak) = (inside, most.clone());
    let work = Action::new(move |cx: Cx| {
        let (now, peak) = (now.clone(), peak.clone());
        async move {
            let met = cx.barrier("all").wait().await?;
            assert_eq!((met.sites(), met.missing()), (200, 0));
            peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(1)).await;
            now.fetch_sub(1, Ordering::SeqCst);
            Ok::<(), Error>(())
        }
    });
    let ran = run(sites(200), jobs([("a", work)]), Stage::of("a").fanout(4));
    assert!(ran.stats.is_ok(), "{:?}", ran.stats);
    assert!(most.load(Ordering::SeqCst) <= 4, "{most:?}");
}

#[test]
fn a_failed_site_does_not_hang_the_others_at_a_barrier() {
    let before = super::err_on("s2");
    let meet = Action::new(|cx: Cx| async move {
        if cx.site().name() == "s3" {
            return Err(Error::msg("it went wrong before the barrier"));
        }
        let met = cx.barrier("ready").wait().await?;
        cx.report(format_args!(
            "{} met, {} missing",
            met.sites(),
            met.missing()
        ));
        Ok(())
    });
    let stage = Stage::of(["before", "meet"]);
    let ran = run(sites(4), jobs([("before", before), ("meet", meet)]), stage);
    assert_eq!(ran.reports(), ["2 met, 2 missing", "2 met, 2 missing"]);
    assert_eq!((ran.stats.failed, ran.stats.skipped), (2, 1));
}

#[test]
fn a_barrier_is_for_the_sites_of_a_group() {
    let meet = Action::new(|cx: Cx| async move {
        let met = cx.barrier("ready").wait().await?;
        cx.report(met.sites());
        Ok::<(), Error>(())
    });
    let ran = run(sites(5), jobs([("a", meet)]), Stage::rolling(2, "a"));
    assert_eq!(ran.reports(), ["2", "2", "2", "2", "1"]);
}

#[test]
fn a_barrier_in_atomic_mode_is_an_error_and_not_a_wait() {
    let meet = Action::new(|cx: Cx| async move { cx.barrier("ready").wait().await.map(drop) });
    let ran = run(sites(2), jobs([("a", meet)]), Stage::new(Mode::Atomic, "a"));
    assert_eq!((ran.stats.failed, ran.stats.skipped), (1, 1));
    assert_eq!(ran.fault("s1").kind, Kind::Usage);
}

#[test]
fn values_go_through_a_queue_from_site_to_site() {
    let mut catalogue = Catalogue::new();
    let make = Action::new(|cx: Cx| async move {
        let queue = cx.queue::<u32>("numbers", 2);
        for number in 0..50 {
            queue.push(number).await?;
        }
        queue.close();
        Ok::<(), Error>(())
    });
    let take = Action::new(|cx: Cx| async move {
        while let Some(number) = cx.queue::<u32>("numbers", 2).pop().await? {
            cx.space().update(COUNT, |sum| *sum += number);
        }
        Ok::<(), Error>(())
    });
    catalogue
        .add("make", ["s1"], [make])
        .add("take", ["all"], [take]);
    let ran = start(Runner::new(sites(3), catalogue), |batch| async move {
        batch
            .parallel(["take", "make"])
            .fanout(1)
            .await
            .into_result()?;
        assert_eq!(batch.space().get(COUNT), Some(50 * 49 / 2));
        Ok::<(), Error>(())
    })
    .finish();
    assert!(ran.stats.is_ok(), "{:?}", ran.stats);
}

/// Takes one lock, waits until the other site has its own, and then wants that.
async fn crossing(cx: Cx) -> Result<(), Error> {
    let (first, second) = if cx.site().name() == "s1" {
        ("x", "y")
    } else {
        ("y", "x")
    };
    let _mine = cx.lock(first).acquire().await?;
    cx.barrier("both have one").wait().await?;
    let _other = cx.lock(second).acquire().await?;
    Ok(())
}

#[test]
fn a_circle_of_locks_is_told_at_once_and_the_others_go_on() {
    let ran = run(
        sites(2),
        jobs([("a", Action::new(crossing))]),
        Stage::of("a"),
    );
    assert_eq!((ran.stats.failed, ran.stats.succeeded), (1, 1));
    let (site, other) = if ran.faults("s1").is_empty() {
        ("s2", "s1")
    } else {
        ("s1", "s2")
    };
    let fault = ran.fault(site);
    assert_eq!(fault.kind, Kind::Deadlock);
    let text = fault.to_string();
    assert!(
        text.contains(&format!("a on {site} waits for the lock")),
        "{text}"
    );
    assert!(
        text.contains(&format!("a on {other} waits for the lock")),
        "{text}"
    );
}

#[test]
fn a_standstill_is_told_with_who_waits_for_what() {
    for mode in MODES {
        let wait = Action::new(|cx: Cx| async move { cx.latch("never").wait().await });
        let ran = run(
            sites(2),
            jobs([("a", wait), ("b", ok())]),
            Stage::new(mode, ["a", "b"]),
        );
        let fault = ran.fault("s1");
        assert_eq!(fault.kind, Kind::Deadlock, "{mode}");
        assert!(
            fault
                .to_string()
                .contains("a on s1 waits for the latch `never`"),
            "{fault}"
        );
        assert!(
            ran.events
                .iter()
                .any(|event| matches!(event.kind, EventKind::Deadlocked { .. }))
        );
        assert!(ran.stats.failed > 0, "{mode}: {:?}", ran.stats);
    }
}

#[test]
fn a_wait_that_ends_by_itself_is_no_deadlock() {
    let wait = Action::new(|cx: Cx| async move {
        // Six times a second is longer than a standstill may last, and yet something happens all
        // the time.
        for _ in 0..7 {
            let waited =
                tokio::time::timeout(Duration::from_secs(1), cx.latch("never").wait()).await;
            assert!(waited.is_err(), "it is told of no deadlock");
        }
    });
    assert!(
        run(sites(1), jobs([("a", wait)]), Stage::of("a"))
            .stats
            .is_ok()
    );
}

#[test]
fn a_cancel_ends_every_wait() {
    let wait = Action::new(|cx: Cx| async move {
        if cx.site().name() == "s1" {
            std::future::pending::<()>().await;
        }
        cx.latch("never").wait().await
    });
    let going = start(
        Runner::new(sites(3), jobs([("a", wait)])),
        |batch| async move { batch.run("a").await.into_result() },
    );
    going.wait_for(2, |kind| matches!(kind, EventKind::WaitStarted { .. }));
    going.cancel(CancelReason::Terminate);
    going.wait_for(2, |kind| matches!(kind, EventKind::TaskFinished { .. }));
    going.cancel(CancelReason::Interrupt);
    let ran = going.finish();
    assert_eq!(ran.result("s2", "a"), Some(TaskResult::Cancelled));
}

#[test]
fn an_action_that_ends_releases_what_it_has() {
    let keep = Action::new(|cx: Cx| async move {
        let guard = cx.lock("deploy").acquire().await?;
        // A guard that nobody drops.
        std::mem::forget(guard);
        Ok::<(), Error>(())
    });
    let ran = run(sites(3), jobs([("a", keep)]), Stage::of("a"));
    assert!(ran.stats.is_ok(), "{:?}", ran.stats);
}

#[test]
fn a_plain_function_can_wait_too() {
    let work = Action::blocking(|cx: Cx| {
        let guard = cx.blocking().wait(cx.lock("deploy").acquire())?;
        drop(guard);
        Ok::<(), Error>(())
    });
    assert!(
        run(sites(3), jobs([("a", work)]), Stage::of("a"))
            .stats
            .is_ok()
    );
}

#[test]
fn who_waits_and_works_at_once_is_not_at_a_standstill() {
    // The command takes longer than a standstill may last, and then the latch is fired.
    let work = Action::new(|cx: Cx| async move {
        let firing = cx.clone();
        cx.defer(async move {
            firing.shell().run(Script::raw("sleep 7")).await?;
            firing.latch("done").fire();
            Ok::<(), Error>(())
        });
        cx.latch("done").wait().await
    });
    let ran = run(sites(1), jobs([("a", work)]), Stage::of("a"));
    assert!(ran.stats.is_ok(), "{:?}", ran.faults("s1"));
}

#[test]
fn a_wait_that_was_dropped_does_not_cost_a_place() {
    // Each first try gives a wait up; all sites get their turn all the same.
    let work = Action::new(|cx: Cx| async move {
        if cx.attempt() == 1 {
            let wait = cx.latch("never").wait();
            let _ = tokio::time::timeout(Duration::from_millis(5), wait).await;
            return Err(Error::msg("not yet"));
        }
        cx.latch("go").fire();
        cx.latch("go").wait().await?;
        Ok(())
    });
    let stage = Stage::of(["a", "b"])
        .retries(1)
        .backoff(Duration::from_millis(1));
    let ran = run(sites(6), jobs([("a", work), ("b", ok())]), stage.fanout(2));
    assert!(ran.stats.is_ok(), "{:?}", ran.stats);
    assert_eq!((ran.stats.succeeded, ran.stats.retried), (12, 6));
}

#[test]
fn an_action_with_two_waits_gives_its_place_back_each_time() {
    // It goes on with one of its waits, and then waits once more while the other is still open.
    let work = Action::new(|cx: Cx| async move {
        match cx.site().name() {
            "s1" => {
                let second = async {
                    cx.latch("a").wait().await?;
                    cx.latch("c").wait().await
                };
                let (first, second) = tokio::join!(cx.latch("b").wait(), second);
                first.and(second)?;
            }
            "s2" => {
                cx.latch("a").fire();
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            _ => {
                tokio::time::sleep(Duration::from_millis(50)).await;
                cx.latch("b").fire();
                cx.latch("c").fire();
            }
        }
        Ok::<(), Error>(())
    });
    let ran = run(sites(3), jobs([("a", work)]), Stage::of("a").fanout(1));
    assert!(ran.stats.is_ok(), "{:?}", ran.stats);
}

#[test]
fn thousands_meet_at_a_barrier() {
    let meet = Action::new(|cx: Cx| async move { cx.barrier("all").wait().await.map(drop) });
    let ran = run(sites(4000), jobs([("a", meet)]), Stage::of("a"));
    assert_eq!(ran.stats.succeeded, 4000);
}
