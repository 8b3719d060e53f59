//! Rolling over groups of sites, with a pause and a check between them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ploy::action::Action;
use ploy::error::Kind;
use ploy::event::{CancelReason, EventKind, SkipReason, TaskResult};
use ploy::run::Runner;
use ploy::scheduling::{Mode, Stage};
use ploy::{Cx, Error, Group, HealthCheck, Script};
use ploy_tests::{Ran, start};

use super::{err_on, jobs, ok, run, sites};

fn started(ran: &Ran) -> Vec<String> {
    ran.started()
        .into_iter()
        .map(|(site, job)| format!("{job}@{site}"))
        .collect()
}

#[test]
fn one_site_at_a_time_does_all_its_jobs() {
    let ran = run(
        sites(3),
        jobs([("a", ok()), ("b", ok())]),
        Stage::rolling(1, ["a", "b"]),
    );
    assert_eq!(
        started(&ran),
        ["a@s1", "b@s1", "a@s2", "b@s2", "a@s3", "b@s3"]
    );
    assert!(ran.stats.is_ok());
}

#[test]
fn groups_have_the_sizes_of_the_list() {
    let ran = run(
        sites(10),
        jobs([("a", ok())]),
        Stage::rolling("1,30%,100%", "a"),
    );
    let groups = ran.events.iter().find_map(|event| match &event.kind {
        EventKind::StageStarted { group_sizes, .. } => Some(group_sizes.clone()),
        _ => None,
    });
    assert_eq!(groups, Some(vec![1, 3, 6]));
    assert_eq!(ran.stats.succeeded, 10);
}

#[test]
fn an_action_knows_its_group() {
    let say = Action::new(|cx: Cx| async move { cx.report(format_args!("{:?}", cx.group())) });
    let ran = run(sites(3), jobs([("a", say)]), Stage::rolling(2, "a"));
    assert_eq!(
        ran.reports(),
        ["Some((1, 2))", "Some((1, 2))", "Some((2, 2))"]
    );
}

#[test]
fn a_failure_stops_the_groups_that_follow_and_no_site_is_left_half_done() {
    // All of the first group run `a` before one of them fails it.
    let together = Arc::new(tokio::sync::Barrier::new(3));
    let a = Action::new(move |cx: Cx| {
        let together = together.clone();
        async move {
            together.wait().await;
            if cx.site().name() == "s2" {
                Err(Error::msg("it went wrong"))
            } else {
                Ok(())
            }
        }
    });
    let ran = run(
        sites(6),
        jobs([("a", a), ("b", ok())]),
        Stage::rolling(3, ["a", "b"]),
    );
    assert_eq!(
        (ran.stats.succeeded, ran.stats.failed, ran.stats.skipped),
        (4, 1, 7),
        "s1 and s3 finish both jobs"
    );
    assert!(ran.stats.budget_spent);
    assert_eq!(ran.result("s3", "b"), Some(TaskResult::Succeeded));
    let reasons: Vec<SkipReason> = ran
        .events
        .iter()
        .filter_map(|event| match event.kind {
            EventKind::TaskSkipped { reason, .. } => Some(reason),
            _ => None,
        })
        .collect();
    assert_eq!(
        reasons
            .iter()
            .filter(|reason| **reason == SkipReason::Blocked)
            .count(),
        1
    );
    assert_eq!(
        reasons
            .iter()
            .filter(|reason| **reason == SkipReason::BudgetSpent)
            .count(),
        6
    );
}

#[test]
fn failures_within_the_budget_let_the_next_group_begin() {
    let stage = Stage::rolling(1, "a").max_fail(1);
    let ran = run(sites(4), jobs([("a", err_on("s2"))]), stage);
    assert_eq!((ran.stats.succeeded, ran.stats.failed), (3, 1));
}

#[test]
fn a_check_runs_between_the_groups_and_not_after_the_last() {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let noted = seen.clone();
    async fn healthy(group: Group) -> Result<String, Error> {
        let sites: Vec<&str> = group.sites().iter().map(|site| site.name()).collect();
        let shell = group.shell(&group.sites()[0]);
        let said = shell.run(Script::raw("echo well")).await?;
        Ok(format!(
            "{}/{} {} {}",
            group.index(),
            group.count(),
            sites.join("+"),
            said.text()
        ))
    }
    let check = HealthCheck::new(move |group: Group| {
        let noted = noted.clone();
        async move {
            let text = healthy(group).await?;
            noted.lock().unwrap().push(text);
            Ok::<(), Error>(())
        }
    });
    let ran = run(
        sites(5),
        jobs([("a", ok())]),
        Stage::rolling(2, "a").check(check),
    );
    assert_eq!(*seen.lock().unwrap(), ["1/3 s1+s2 well", "2/3 s3+s4 well"]);
    assert!(ran.stats.is_ok(), "{:?}", ran.stats);
    let gates = ran
        .events
        .iter()
        .filter(|event| matches!(event.kind, EventKind::GateFinished { .. }));
    assert_eq!(gates.count(), 2);
}

#[test]
fn a_check_that_fails_stops_the_roll_out() {
    async fn ill(group: Group) -> Result<(), Error> {
        if group.index() == 2 {
            Err(Error::msg("it coughs"))
        } else {
            Ok(())
        }
    }
    let check = HealthCheck::new(ill);
    assert_eq!(check.name(), "ill");
    let ran = start(
        Runner::new(sites(4), jobs([("a", ok()), ("b", ok())])),
        move |batch| async move {
            // Not even a generous budget goes past it.
            let outcome = batch
                .rolling(1, ["a", "b"])
                .check(check)
                .max_fail(100)
                .break_on_error(false)
                .await;
            assert!(outcome.failed());
            assert_eq!(
                (outcome.error_count(), outcome.check_failures().len()),
                (1, 1)
            );
            assert_eq!(outcome.skipped().count(), 4);
            assert!(
                outcome
                    .skipped()
                    .all(|task| task.skip_reason() == Some(SkipReason::GateFailed))
            );
            let failure = outcome.check().unwrap_err();
            assert_eq!(failure.to_string(), "stage 1 stopped between two groups");
            outcome.into_result()
        },
    )
    .finish();
    assert_eq!(
        (
            ran.stats.succeeded,
            ran.stats.gates_failed,
            ran.stats.skipped
        ),
        (4, 1, 4)
    );
    assert!(!ran.stats.is_ok() && !ran.stats.schedule_failed);
}

#[test]
fn a_check_that_panics_has_failed() {
    let check = HealthCheck::new(|_| async { super::unlucky() });
    let ran = run(
        sites(2),
        jobs([("a", ok())]),
        Stage::rolling(1, "a").check(check),
    );
    assert_eq!(
        (
            ran.stats.succeeded,
            ran.stats.gates_failed,
            ran.stats.skipped
        ),
        (1, 1, 1)
    );
}

#[test]
fn a_pause_is_waited_out_and_a_cancel_ends_it() {
    let stage = Stage::rolling(1, "a").pause(Duration::from_millis(20));
    assert!(run(sites(3), jobs([("a", ok())]), stage).stats.is_ok());
    let going = start(
        Runner::new(sites(3), jobs([("a", ok())])),
        |batch| async move {
            batch
                .rolling(1, "a")
                .pause(Duration::from_secs(3600))
                .await
                .into_result()
        },
    );
    going.wait_for(1, |kind| matches!(kind, EventKind::GateStarted { .. }));
    going.cancel(CancelReason::Interrupt);
    let ran = going.finish();
    assert_eq!(
        (
            ran.stats.succeeded,
            ran.stats.skipped,
            ran.stats.gates_failed
        ),
        (1, 2, 0)
    );
}

#[test]
fn an_allowed_failure_covers_the_check() {
    let ran = start(
        Runner::new(sites(2), jobs([("a", ok())])),
        |batch| async move {
            let check = HealthCheck::new(|_| async { Err::<(), _>(Error::msg("ill")) });
            batch.rolling(1, "a").check(check).await.allow_failure();
        },
    )
    .finish();
    assert!(ran.stats.is_ok(), "{:?}", ran.stats);
    assert_eq!(ran.stats.allowed, 1);
}

#[test]
fn groups_that_cannot_be_read_refuse_the_stage() {
    let ran = start(
        Runner::new(sites(2), jobs([("a", ok())])),
        |batch| async move {
            let outcome = batch.rolling("1,ten", "a").await;
            let refusal = outcome.refusal().unwrap();
            assert_eq!(refusal.kind, Kind::Usage);
            assert!(
                refusal
                    .to_string()
                    .contains("`ten` is neither a number nor a percentage"),
                "{refusal}"
            );
            outcome.into_result()
        },
    )
    .finish();
    assert_eq!((ran.stats.refused, ran.stats.succeeded), (1, 0));
}

#[test]
fn a_stage_of_jobs_takes_the_mode_of_its_batch() {
    let options = ploy::scheduling::Options::new()
        .mode(Mode::Rolling)
        .groups(2);
    let runner = Runner::new(sites(4), jobs([("a", ok()), ("b", ok())])).options(options);
    let ran = start(runner, |batch| async move {
        batch.stage(Stage::of(["a", "b"])).await.into_result()
    })
    .finish();
    let started = started(&ran);
    assert!(
        started[..4]
            .iter()
            .all(|task| task.ends_with("s1") || task.ends_with("s2")),
        "{started:?}"
    );
}

#[test]
fn a_check_may_take_as_long_as_an_action() {
    let check = HealthCheck::new(|group: Group| async move {
        group
            .local()
            .run(Script::raw("exec sleep 1600"))
            .await
            .map(drop)
    });
    let stage = Stage::rolling(1, "a")
        .check(check)
        .timeout(Duration::from_millis(200));
    let ran = run(
        sites(2),
        jobs([("a", ok())]),
        stage.pause(Duration::from_millis(10)),
    );
    assert_eq!(
        (
            ran.stats.succeeded,
            ran.stats.gates_failed,
            ran.stats.skipped
        ),
        (1, 1, 1)
    );
    let fault = ran.events.iter().find_map(|event| match &event.kind {
        EventKind::GateFinished { errors, .. } => errors.first().cloned(),
        _ => None,
    });
    assert_eq!(
        fault.unwrap().to_string(),
        "the check ran longer than 0.2 s"
    );
}
