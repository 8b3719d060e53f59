//! Schedules in data whose stages depend on how others ended, and what is called as sites finish.

use std::sync::{Arc, Mutex};

use ploy::Schedule;
use ploy::catalogue::Catalogue;
use ploy::event::{EventKind, StageId, StageSkipReason, TaskResult};
use ploy::run::Runner;
use ploy::scheduling::{Condition, Mode, Stage};
use ploy_tests::{Ran, start};

use super::{err, err_on, jobs, ok, run, sites};

fn catalogue(failing: &str) -> Catalogue {
    let names = ["package", "switch", "back", "unlock", "tell"];
    jobs(names.map(|name| (name, if name == failing { err() } else { ok() })))
}

fn release() -> Schedule {
    Schedule::new()
        .run("package")
        .run("switch")
        .name("switch")
        .run("back")
        .on_failure("switch")
        .run("unlock")
        .always("switch")
        .run("tell")
}

fn ran(failing: &str) -> Ran {
    start(
        Runner::new(sites(1), catalogue(failing)),
        |batch| async move { batch.schedule(&release()).await },
    )
    .finish()
}

fn jobs_of(ran: &Ran) -> Vec<String> {
    ran.started().into_iter().map(|(_, job)| job).collect()
}

#[test]
fn a_stage_runs_if_its_condition_holds() {
    assert_eq!(
        jobs_of(&ran("none")),
        ["package", "switch", "unlock", "tell"]
    );
    assert_eq!(jobs_of(&ran("package")), ["package"]);
    let failed = ran("switch");
    assert_eq!(jobs_of(&failed), ["package", "switch", "back", "unlock"]);
    assert!(!failed.stats.is_ok() && !failed.stats.schedule_failed);
    let skipped: Vec<(StageId, StageSkipReason)> = failed
        .events
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::StageSkipped { stage, reason, .. } => Some((*stage, reason.clone())),
            _ => None,
        })
        .collect();
    let reason = StageSkipReason::Condition {
        condition: Condition::Success,
    };
    assert_eq!(reason.to_string(), "if nothing failed");
    assert_eq!(skipped, [(StageId(5), reason)]);
}

#[test]
fn what_follows_a_failure_begins_though_the_run_may_have_no_more() {
    let runner = Runner::new(sites(1), catalogue("switch"))
        .overrides(ploy::scheduling::Options::new().max_fail(0));
    let ran = start(
        runner,
        |batch| async move { batch.schedule(&release()).await },
    )
    .finish();
    assert_eq!(jobs_of(&ran), ["package", "switch", "back", "unlock"]);
}

#[test]
fn a_condition_that_names_nothing_runs_nothing() {
    let ran = start(
        Runner::new(sites(1), catalogue("none")),
        |batch| async move {
            batch
                .schedule(
                    &Schedule::new()
                        .run("package")
                        .run("back")
                        .on_failure("swich"),
                )
                .await
        },
    )
    .finish();
    assert!(ran.started().is_empty() && ran.stats.schedule_failed);
}

#[test]
fn each_site_is_told_as_it_finishes() {
    for mode in [Mode::SiteSequential, Mode::Rolling] {
        let told: Arc<Mutex<Vec<String>>> = Arc::default();
        let note = told.clone();
        let ran = start(
            Runner::new(sites(3), jobs([("a", err_on("s2")), ("b", ok())])),
            move |batch| async move {
                let stage = batch.stage(Stage::new(mode, ["a", "b"]).max_fail(9).fanout(1));
                let outcome = stage
                    .on_site(move |site| {
                        let tasks: Vec<String> = site
                            .tasks()
                            .map(|(job, result)| {
                                format!(
                                    "{job} {}",
                                    result.map_or("-", |result| match result {
                                        TaskResult::Succeeded => "ok",
                                        _ => "failed",
                                    })
                                )
                            })
                            .collect();
                        note.lock().unwrap().push(format!(
                            "{}: {} {}",
                            site.site().name(),
                            tasks.join(", "),
                            site.succeeded()
                        ));
                    })
                    .await;
                assert_eq!(outcome.error_count(), 1);
            },
        )
        .finish();
        assert_eq!(ran.stats.failed, 1);
        assert_eq!(
            *told.lock().unwrap(),
            [
                "s1: a ok, b ok true",
                "s2: a failed, b - false",
                "s3: a ok, b ok true"
            ],
            "{mode}"
        );
    }
}

#[test]
fn with_few_places_a_site_that_has_begun_goes_on_first() {
    let ran = run(
        sites(3),
        jobs([("a", ok()), ("b", ok())]),
        Stage::of(["a", "b"]).fanout(1),
    );
    let order: Vec<String> = ran
        .started()
        .into_iter()
        .map(|(site, job)| format!("{job}@{site}"))
        .collect();
    assert_eq!(order, ["a@s1", "b@s1", "a@s2", "b@s2", "a@s3", "b@s3"]);
}

#[test]
fn in_parallel_mode_a_site_with_a_place_runs_all_its_jobs() {
    // Three jobs of one site meet, though only one site runs at a time.
    let together = Arc::new(tokio::sync::Barrier::new(3));
    let meet = ploy::action::Action::new(move |_| {
        let together = together.clone();
        async move {
            together.wait().await;
        }
    });
    let catalogue = jobs(["a", "b", "c"].map(|name| (name, meet.clone())));
    let ran = run(
        sites(2),
        catalogue,
        Stage::new(Mode::Parallel, ["a", "b", "c"]).fanout(1),
    );
    assert_eq!(ran.stats.succeeded, 6);
}

#[test]
fn sites_and_actions_may_be_added_until_the_run_starts() {
    let mut runner = Runner::new(sites(1), jobs([("a", ok())]));
    runner.topology_mut().add(
        "late",
        ploy::topology::Settings::new().roles(["all", "canary"]),
    );
    runner.catalogue_mut().add("a", ["canary"], [ok()]);
    let id = runner.id().clone();
    let ran = start(
        runner,
        |batch| async move { batch.run("a").await.into_result() },
    )
    .finish();
    let actions = ran
        .events
        .iter()
        .filter(|event| matches!(event.kind, EventKind::ActionStarted { .. }));
    assert_eq!((ran.stats.succeeded, actions.count()), (2, 3));
    assert!(matches!(&ran.events[0].kind, EventKind::RunStarted { batch, .. } if *batch == id));
}

#[test]
fn an_action_added_twice_runs_twice_and_roles_given_twice_are_one() {
    let mut catalogue = Catalogue::new();
    let say = ploy::action::Action::new(|cx: ploy::Cx| async move {
        cx.report(format_args!("{:?}", cx.fragment()));
    });
    catalogue
        .add("a", ["all", "all"], [say.clone()])
        .add("a", ["all"], [say]);
    let mut topology = sites(1);
    topology.add(
        "s1",
        ploy::topology::Settings::new().roles(["all", "all", "other"]),
    );
    let ran = run(topology, catalogue, Stage::of("a"));
    let mut reports = ran.reports();
    reports.sort();
    assert_eq!(reports, ["(1, 2)", "(2, 2)"]);
}

#[test]
fn no_condition_holds_once_the_run_is_cancelled() {
    let wait = ploy::action::Action::new(|cx: ploy::Cx| async move {
        cx.cancelled().await;
        Err::<(), _>(ploy::Error::msg("ended"))
    });
    let catalogue = jobs([("switch", wait), ("back", ok()), ("unlock", ok())]);
    let schedule = Schedule::new()
        .run("switch")
        .name("switch")
        .run("back")
        .on_failure("switch")
        .run("unlock")
        .always("switch");
    let going = start(Runner::new(sites(1), catalogue), move |batch| async move {
        batch.schedule(&schedule).await
    });
    going.wait_for(1, |kind| matches!(kind, EventKind::ActionStarted { .. }));
    going.cancel(ploy::event::CancelReason::Interrupt);
    assert_eq!(jobs_of(&going.finish()), ["switch"]);
}
