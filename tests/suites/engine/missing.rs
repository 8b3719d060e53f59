//! Jobs that nobody declared, and jobs that nobody can run.

use ploy::catalogue::Catalogue;
use ploy::error::Kind;
use ploy::run::Runner;
use ploy::scheduling::{Mode, Stage};
use ploy_tests::start;

use super::{MODES, jobs, ok, run, sites};

#[test]
fn a_missing_job_refuses_the_stage_before_anything_runs() {
    for mode in MODES {
        let ran = start(
            Runner::new(sites(2), jobs([("upload", ok())])),
            move |batch| async move {
                let outcome = batch.stage(Stage::new(mode, ["upload", "uplaod"])).await;
                let refusal = outcome.refusal().unwrap();
                assert_eq!(refusal.kind, Kind::Usage);
                assert!(refusal.to_string().contains("`uplaod`"), "{refusal}");
                assert!(
                    refusal
                        .hint
                        .as_ref()
                        .unwrap()
                        .contains("did you mean `upload`?")
                );
                assert_eq!(
                    (
                        outcome.failed(),
                        outcome.error_count(),
                        outcome.tasks().count()
                    ),
                    (true, 1, 0)
                );
                outcome.into_result()
            },
        )
        .finish();
        assert_eq!((ran.stats.refused, ran.stats.succeeded), (1, 0));
        assert!(!ran.stats.schedule_failed, "it is told once");
        assert!(ran.started().is_empty());
    }
}

#[test]
fn an_allowed_missing_job_is_passed_over() {
    for mode in MODES {
        let stage = Stage::new(mode, ["missing", "upload", "gone"]).allow_missing_job(true);
        let ran = run(sites(2), jobs([("upload", ok())]), stage);
        assert!(ran.stats.is_ok(), "{mode}: {:?}", ran.stats);
        assert_eq!(ran.stats.succeeded, 2, "{mode}");
    }
}

#[test]
fn a_missing_job_may_be_allowed_for_the_whole_run() {
    let options = ploy::scheduling::Options::new().allow_missing_job(true);
    let runner = Runner::new(sites(1), jobs([("upload", ok())])).options(options);
    let ran = start(runner, |batch| async move {
        batch.run(["missing", "upload"]).await.into_result()?;
        // The stage knows better than the run.
        assert!(batch.run("missing").allow_missing_job(false).await.failed());
        Ok::<(), ploy::Error>(())
    })
    .finish();
    assert_eq!((ran.stats.succeeded, ran.stats.refused), (1, 1));
}

#[test]
fn an_unknown_role_refuses_the_stage() {
    let stage = Stage::new(Mode::SiteSequential, "upload").on(["wbe"]);
    let ran = run(sites(1), jobs([("upload", ok())]), stage);
    assert_eq!((ran.stats.refused, ran.stats.succeeded), (1, 0));
}

#[test]
fn a_job_without_actions_does_nothing() {
    let mut catalogue = Catalogue::new();
    catalogue.add("smoke", ["all"], Vec::<ploy::action::Action>::new());
    catalogue.add("upload", ["all"], [ok()]);
    let ran = run(
        sites(2),
        catalogue,
        Stage::new(Mode::SiteSequential, ["smoke", "upload"]),
    );
    assert!(ran.stats.is_ok(), "{:?}", ran.stats);
    assert_eq!(ran.stats.succeeded, 2);
}
