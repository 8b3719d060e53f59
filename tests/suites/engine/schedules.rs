//! Schedules: in data, and in code.

use ploy::Schedule;
use ploy::event::{EventKind, TaskResult};
use ploy::run::Runner;
use ploy::scheduling::Options;
use ploy_tests::start;

use super::{err, err_on, jobs, ok, sites};

#[test]
fn an_allowed_failure_is_no_failure_of_the_run() {
    let catalogue = jobs([("a", err()), ("b", ok())]);
    let ran = start(Runner::new(sites(2), catalogue), |batch| async move {
        let outcome = batch.run("a").await;
        assert_eq!(outcome.error_count(), 2);
        outcome.allow_failure();
        batch.run("b").await.into_result()
    })
    .finish();
    assert!(ran.stats.is_ok(), "{:?}", ran.stats);
    assert_eq!(
        (ran.stats.allowed, ran.stats.failed, ran.stats.succeeded),
        (2, 0, 2)
    );
}

#[test]
fn a_failure_counts_whatever_the_schedule_makes_of_it() {
    let ran = start(
        Runner::new(sites(2), jobs([("a", err())])),
        |batch| async move {
            let _ = batch.run("a").await.failed();
        },
    )
    .finish();
    assert_eq!(ran.stats.failed, 2);
    assert!(!ran.stats.is_ok());
}

#[test]
fn stages_run_side_by_side() {
    // Each job waits for the other: one stage after the other would wait for ever.
    let together = std::sync::Arc::new(tokio::sync::Barrier::new(2));
    let action = || {
        let together = together.clone();
        ploy::action::Action::new(move |_| {
            let together = together.clone();
            async move {
                together.wait().await;
            }
        })
    };
    let catalogue = jobs([("a", action()), ("b", action())]);
    let ran = start(Runner::new(sites(1), catalogue), |batch| async move {
        let (first, second) = tokio::join!(batch.run("a").start(), batch.run("b").start());
        first.into_result()?;
        second.into_result()
    })
    .finish();
    assert_eq!(ran.stats.succeeded, 2);
}

#[test]
fn stages_may_be_spawned() {
    let ran = start(
        Runner::new(sites(3), jobs([("a", ok()), ("b", err_on("s2"))])),
        |batch| async move {
            let stages: Vec<_> = ["a", "b", "a"]
                .map(|job| tokio::spawn(batch.run(job).start()))
                .into();
            let mut failed = 0;
            for stage in stages {
                failed += stage.await.unwrap().error_count();
            }
            assert_eq!(failed, 1);
        },
    )
    .finish();
    assert_eq!((ran.stats.succeeded, ran.stats.failed), (8, 1));
}

#[test]
fn a_schedule_in_data_stops_at_the_first_stage_that_fails() {
    let schedule = Schedule::new().run("a").sequential(["b", "a"]).atomic("a");
    let ran = start(
        Runner::new(sites(2), jobs([("a", ok()), ("b", err())])),
        |batch| async move { batch.schedule(&schedule).await },
    )
    .finish();
    assert_eq!(
        (ran.stats.succeeded, ran.stats.failed, ran.stats.skipped),
        (2, 2, 2)
    );
    let stages = ran
        .events
        .iter()
        .filter(|event| matches!(event.kind, EventKind::StageStarted { .. }))
        .count();
    assert_eq!(stages, 2);
}

#[test]
fn the_schedules_own_error_is_told() {
    let ran = start(
        Runner::new(sites(1), jobs([("a", ok())])),
        |batch| async move {
            batch.run("a").await.into_result()?;
            Err(ploy::Error::msg("the telephone is dead"))
        },
    )
    .finish();
    assert!(ran.stats.schedule_failed && !ran.stats.is_ok());
    let told = ran.events.iter().find_map(|event| match &event.kind {
        EventKind::ScheduleFailed { error } => Some(error.to_string()),
        _ => None,
    });
    assert_eq!(told.unwrap(), "the telephone is dead");
}

#[test]
fn a_panic_of_the_schedule_is_told() {
    let ran = start(
        Runner::new(sites(1), jobs([("a", ok())])),
        |batch| async move {
            assert!(batch.run("a").await.failed(), "no such luck");
        },
    )
    .finish();
    assert!(ran.stats.schedule_failed);
    assert_eq!(ran.stats.succeeded, 1);
}

#[test]
fn options_are_inherited_from_the_batch_and_not_from_other_stages() {
    let catalogue = jobs([("a", ok())]);
    let ran = start(Runner::new(sites(3), catalogue), |batch| async move {
        batch.run("a").on(["s1"]).await.into_result()?;
        let narrow = batch.with(&Options::new().on(["s1", "s2"]));
        narrow.run("a").await.into_result()?;
        narrow.run("a").on(["s3"]).await.into_result()?;
        batch.run("a").await.into_result()
    })
    .finish();
    let sites: Vec<_> = ran.started().into_iter().map(|(site, _)| site).collect();
    assert_eq!(sites[0], "s1");
    let mut second = sites[1..3].to_vec();
    second.sort();
    assert_eq!(second, ["s1", "s2"]);
    assert_eq!(sites[3], "s3");
    assert_eq!(sites.len(), 7);
}

#[test]
fn a_restriction_of_the_run_holds_in_every_stage() {
    let runner =
        Runner::new(sites(3), jobs([("a", ok())])).options(Options::new().within(["s1", "s2"]));
    let ran = start(runner, |batch| async move {
        batch.run("a").on(["s2", "s3"]).await.into_result()?;
        batch.run("a").await.into_result()
    })
    .finish();
    assert_eq!((ran.stats.succeeded, ran.result("s3", "a")), (3, None));
    assert_eq!(ran.result("s2", "a"), Some(TaskResult::Succeeded));
}
