//! What runs, what does not, and how errors are counted, in every mode.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use ploy::Cx;
use ploy::action::Action;
use ploy::catalogue::Catalogue;
use ploy::event::EventKind;
use ploy::run::Runner;
use ploy::scheduling::{Mode, Stage};
use ploy_tests::start;

use super::{MODES, err_on, jobs, ok, run, sites};

#[test]
fn nothing_wrong_is_no_error_in_any_mode() {
    for mode in MODES {
        let ran = run(
            sites(3),
            jobs([("a", ok()), ("b", ok())]),
            Stage::new(mode, ["a", "b"]),
        );
        assert_eq!(
            (ran.stats.succeeded, ran.stats.failed, ran.stats.skipped),
            (6, 0, 0),
            "{mode}"
        );
        assert!(ran.stats.is_ok());
    }
}

#[test]
fn a_failure_ends_what_the_mode_says() {
    // (mode, succeeded, skipped): job `a` fails on s2 of three sites, `b` comes after it.
    for (mode, succeeded, skipped) in [
        (Mode::SiteSequential, 4, 1),
        (Mode::Sequential, 2, 3),
        (Mode::Atomic, 1, 4),
        (Mode::Parallel, 5, 0),
    ] {
        let ran = run(
            sites(3),
            jobs([("a", err_on("s2")), ("b", ok())]),
            Stage::new(mode, ["a", "b"]),
        );
        assert_eq!(
            (ran.stats.succeeded, ran.stats.failed, ran.stats.skipped),
            (succeeded, 1, skipped),
            "{mode}"
        );
        assert!(!ran.stats.is_ok());
    }
}

#[test]
fn without_break_on_error_all_runs_and_every_error_counts() {
    for mode in MODES {
        let catalogue = jobs([("a", err_on("s2")), ("b", err_on("s1")), ("c", ok())]);
        let ran = run(
            sites(3),
            catalogue,
            Stage::new(mode, ["a", "b", "c"]).break_on_error(false),
        );
        assert_eq!(
            (ran.stats.succeeded, ran.stats.failed, ran.stats.skipped),
            (7, 2, 0),
            "{mode}"
        );
        assert!(!ran.stats.is_ok(), "the error of an earlier job counts");
    }
}

#[test]
fn the_outcome_counts_as_the_events_do() {
    for mode in MODES {
        let catalogue = jobs([("a", err_on("s2")), ("b", ok())]);
        let ran = start(Runner::new(sites(3), catalogue), move |batch| async move {
            let outcome = batch
                .stage(Stage::new(mode, ["a", "b"]).break_on_error(false))
                .await;
            assert_eq!(
                (
                    outcome.error_count(),
                    outcome.errors().len(),
                    outcome.tasks().count()
                ),
                (1, 1, 6)
            );
            assert_eq!(outcome.errors()[0].site(), "s2");
            assert_eq!(
                outcome
                    .site("s2")
                    .filter(ploy::run::TaskOutcome::succeeded)
                    .count(),
                1
            );
            assert_eq!(outcome.skipped().count(), 0);
            assert!(outcome.failed());
            outcome.into_result()
        })
        .finish();
        assert_eq!(ran.stats.failed, 1);
        assert!(
            !ran.stats.schedule_failed,
            "what the tasks told is not told again"
        );
    }
}

#[test]
fn a_budget_stops_what_waits_its_turn() {
    let ran = run(
        sites(6),
        jobs([("a", super::err())]),
        Stage::new(Mode::SiteSequential, "a").fanout(1).max_fail(1),
    );
    assert_eq!((ran.stats.failed, ran.stats.skipped), (2, 4));
    assert!(ran.stats.budget_spent);
}

#[test]
fn a_job_listed_twice_runs_twice() {
    for mode in MODES {
        let ran = run(
            sites(2),
            jobs([("a", ok()), ("b", ok())]),
            Stage::new(mode, ["a", "b", "a"]),
        );
        let mut started = ran.started();
        started.sort();
        let expected = [
            ("s1", "a"),
            ("s1", "a"),
            ("s1", "b"),
            ("s2", "a"),
            ("s2", "a"),
            ("s2", "b"),
        ];
        assert_eq!(
            started,
            expected.map(|(site, job)| (site.to_owned(), job.to_owned())),
            "{mode}"
        );
    }
}

#[test]
fn atomic_runs_one_task_at_a_time_in_order() {
    let ran = run(
        sites(3),
        jobs([("a", ok()), ("b", ok())]),
        Stage::new(Mode::Atomic, ["a", "b"]),
    );
    let expected = [
        ("s1", "a"),
        ("s2", "a"),
        ("s3", "a"),
        ("s1", "b"),
        ("s2", "b"),
        ("s3", "b"),
    ];
    assert_eq!(
        ran.started(),
        expected.map(|(site, job)| (site.to_owned(), job.to_owned()))
    );
    let mut running = 0;
    for event in &ran.events {
        match event.kind {
            EventKind::TaskStarted { .. } => running += 1,
            EventKind::TaskFinished { .. } => running -= 1,
            _ => {}
        }
        assert!(running <= 1);
    }
}

#[test]
fn sequential_has_a_barrier_and_site_sequential_has_none() {
    // `a` on s1 ends only when `b` runs on s2: that needs that sites do not wait for each other.
    let (tell, told) = (
        Arc::new(tokio::sync::Notify::new()),
        Arc::new(AtomicU32::new(0)),
    );
    let make = || {
        let (wait, tell) = (tell.clone(), tell.clone());
        let a = Action::new(move |cx: Cx| {
            let wait = wait.clone();
            async move {
                if cx.site().name() == "s1" {
                    wait.notified().await;
                }
            }
        });
        let b = Action::new(move |cx: Cx| {
            let tell = tell.clone();
            async move {
                if cx.site().name() == "s2" {
                    tell.notify_one();
                }
            }
        });
        jobs([("a", a), ("b", b)])
    };
    let ran = run(
        sites(2),
        make(),
        Stage::new(Mode::SiteSequential, ["a", "b"]),
    );
    assert_eq!(ran.stats.succeeded, 4);
    let ran = {
        let seen = told.clone();
        let count = Action::new(move |_| {
            let seen = seen.clone();
            async move {
                seen.fetch_add(1, Ordering::SeqCst);
            }
        });
        let seen = told.clone();
        let all = Action::new(move |_| {
            let seen = seen.clone();
            async move { assert_eq!(seen.load(Ordering::SeqCst), 5) }
        });
        run(
            sites(5),
            jobs([("a", count), ("b", all)]),
            Stage::new(Mode::Sequential, ["a", "b"]),
        )
    };
    assert_eq!(ran.stats.succeeded, 10);
}

#[test]
fn the_fanout_is_never_exceeded_and_is_used() {
    let most = Arc::new((AtomicU32::new(0), AtomicU32::new(0)));
    let together = Arc::new(tokio::sync::Barrier::new(3));
    let (seen, wait) = (most.clone(), together.clone());
    let action = Action::new(move |_| {
        let (seen, wait) = (seen.clone(), wait.clone());
        async move {
            let now = seen.0.fetch_add(1, Ordering::SeqCst) + 1;
            seen.1.fetch_max(now, Ordering::SeqCst);
            // Passes only if three run at once.
            wait.wait().await;
            seen.0.fetch_sub(1, Ordering::SeqCst);
        }
    });
    let ran = run(
        sites(9),
        jobs([("a", action)]),
        Stage::new(Mode::Parallel, "a").fanout(3),
    );
    assert_eq!((ran.stats.succeeded, most.1.load(Ordering::SeqCst)), (9, 3));
}

#[test]
fn the_actions_of_a_task_run_together_in_every_mode() {
    for mode in MODES {
        let together = Arc::new(tokio::sync::Barrier::new(3));
        let mut catalogue = Catalogue::new();
        let action = || {
            let together = together.clone();
            Action::new(move |_| {
                let together = together.clone();
                async move {
                    together.wait().await;
                }
            })
        };
        catalogue.add("a", ["s1"], [action(), action(), action()]);
        let ran = run(sites(1), catalogue, Stage::new(mode, "a"));
        assert_eq!(ran.stats.succeeded, 1, "{mode}");
    }
}

#[test]
fn an_action_knows_where_it_stands() {
    let mut catalogue = Catalogue::new();
    let say = || {
        Action::new(|cx: Cx| async move {
            let (k, n) = cx.fragment();
            assert_eq!(
                cx.action_id().to_string(),
                format!("{}-{}", cx.stage_id(), cx.count())
            );
            assert!(
                cx.stage_id()
                    .to_string()
                    .starts_with(cx.batch_id().as_str())
            );
            cx.report(format_args!(
                "{} {} {} {k}/{n}",
                cx.job(),
                cx.count(),
                cx.index()
            ));
        })
    };
    catalogue.add("a", ["s1"], [say(), say()]);
    catalogue.add("b", ["s1"], [say()]);
    let ran = start(Runner::new(sites(1), catalogue), |batch| async move {
        batch.run("b").await.into_result()?;
        batch.run(["a", "b"]).await.into_result()
    })
    .finish();
    let mut reports = ran.reports();
    reports.sort();
    assert_eq!(reports[2..], ["b 1 1 1/1", "b 4 3 1/1"]);
    // The two actions start in either order, so count and index of them may be either way round.
    let fragments: Vec<_> = reports[..2]
        .iter()
        .map(|report| report.rsplit(' ').next().unwrap())
        .collect();
    assert!(
        fragments == ["1/2", "2/2"] || fragments == ["2/2", "1/2"],
        "{reports:?}"
    );
}

#[test]
fn what_was_cancelled_is_no_failure_that_counts() {
    let work = Action::new(|cx: Cx| async move {
        cx.shell()
            .run(ploy::Script::raw("exec sleep 1900"))
            .await
            .map(drop)
    });
    let told = Arc::new(AtomicU32::new(0));
    let count = told.clone();
    let going = start(
        Runner::new(sites(2), jobs([("a", work)])),
        move |batch| async move {
            assert_eq!(batch.run("a").await.error_count(), 0);
            let late = batch.run("a").on_site(move |site| {
                assert!(!site.succeeded());
                count.fetch_add(1, Ordering::SeqCst);
            });
            assert!(late.await.failed());
        },
    );
    going.wait_for_commands(2);
    going.cancel(ploy::event::CancelReason::Interrupt);
    let ran = going.finish();
    let failed = ran.events.iter().find_map(|event| match event.kind {
        EventKind::StageFinished { failed, .. } => Some(failed),
        _ => None,
    });
    assert_eq!(
        (failed, ran.stats.failed, told.load(Ordering::SeqCst)),
        (Some(0), 0, 2)
    );
    assert!(!ran.stats.schedule_failed);
}
