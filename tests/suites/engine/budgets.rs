//! How many failures a stage and a run may have, and what is held back once there are more.

use ploy::Schedule;
use ploy::run::Runner;
use ploy::scheduling::{Options, Stage};
use ploy_tests::start;

use super::{err_on, jobs, ok, run, sites};

#[test]
fn a_site_that_was_kept_from_beginning_does_not_begin_with_a_later_job() {
    for stage in [
        Stage::rolling("1,100%", ["a", "b"]),
        Stage::of(["a", "b"]).fanout(1),
    ] {
        let stage = stage.break_on_error(false).max_fail(0);
        let ran = run(sites(3), jobs([("a", err_on("s1")), ("b", ok())]), stage);
        assert!(
            ran.started().iter().all(|(site, _)| site == "s1"),
            "{:?}",
            ran.started()
        );
        assert_eq!(
            (ran.stats.failed, ran.stats.succeeded, ran.stats.skipped),
            (1, 1, 4)
        );
    }
}

#[test]
fn a_stage_that_is_there_for_failures_is_not_stopped_by_those_of_the_run() {
    let schedule = Schedule::new()
        .run(["a"])
        .name("a")
        .run(["b"])
        .on_failure("a")
        .max_fail(100)
        .fanout(1);
    let catalogue = jobs([("a", super::err()), ("b", err_on("s1"))]);
    let runner = Runner::new(sites(3), catalogue).options(Options::new().max_fail(0));
    let ran = start(runner, move |batch| async move {
        batch.schedule(&schedule).await
    })
    .finish();
    assert_eq!(
        ran.started().iter().filter(|(_, job)| job == "b").count(),
        3
    );
}

#[test]
fn what_is_allowed_is_given_back() {
    let catalogue = || jobs([("a", super::err()), ("b", ok())]);
    let runner = Runner::new(sites(1), catalogue()).overrides(Options::new().max_fail(0));
    let ran = start(runner, |batch| async move {
        batch.run("a").await.allow_failure();
        batch.run("no-such-job").await.allow_failure();
        batch.run("b").await.into_result()
    })
    .finish();
    assert!(ran.stats.is_ok(), "{:?}", ran.stats);
    assert_eq!((ran.stats.succeeded, ran.stats.allowed), (1, 2));
}

#[test]
fn a_stage_that_was_held_back_is_not_said_to_be_cancelled() {
    let runner = Runner::new(sites(1), jobs([("a", super::err()), ("b", ok())]));
    let ran = start(
        runner.options(Options::new().max_fail(0)),
        |batch| async move {
            assert_eq!(batch.run("a").await.error_count(), 1);
            let held = batch.run("b").await.check().unwrap_err();
            assert_eq!(
                format!("{held:?}"),
                "stage 2 was not started: too much had failed before it"
            );
        },
    )
    .finish();
    assert!(ran.stats.budget_spent && !ran.stats.schedule_failed);
}
