//! Random jobs in random modes, cancelled at random moments: the rules of events hold whatever
//! happens.

use std::time::Duration;

use ploy::action::Action;
use ploy::catalogue::Catalogue;
use ploy::event::{CancelReason, Event, Reporter};
use ploy::run::{Canceller, Runner};
use ploy::scheduling::{Mode, Stage};
use ploy::{Cx, Error, Group, HealthCheck, Key, Script};
use ploy_tests::start;
use proptest::prelude::*;

use super::{MODES, sites};

const DEFERRED: Key<u32> = Key::new("deferred");

/// One thing that an action does.
#[derive(Clone, Debug)]
enum Step {
    Yield(u8),
    Report,
    Command(&'static str),
    /// Takes a lock, and keeps it while it gives way so often.
    Lock(&'static str, u8),
    /// Leaves something to be waited for.
    Defer(u8),
    /// Leaves something that outlives the task, and may fail.
    Background(bool),
    Fail,
}

/// How it ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Ok,
    Err,
    Panic,
    /// Only when the run is cancelled, or after a while.
    Late,
}

#[derive(Clone, Debug)]
struct Work {
    steps: Vec<Step>,
    end: End,
    blocking: bool,
}

#[derive(Clone, Debug)]
struct Scenario {
    sites: usize,
    /// For each job its actions.
    jobs: Vec<Vec<Work>>,
    mode: Mode,
    break_on_error: bool,
    max_fail: Option<u32>,
    fanout: u32,
    groups: u32,
    check: bool,
    retries: u32,
    once: bool,
    /// At which events to cancel.
    cancels: Vec<(u64, CancelReason)>,
}

impl Work {
    fn fails(&self) -> bool {
        matches!(self.end, End::Err | End::Panic)
            || self.steps.iter().any(|step| matches!(step, Step::Fail))
    }

    fn fails_in_background(&self) -> bool {
        self.steps
            .iter()
            .any(|step| matches!(step, Step::Background(true)))
    }

    fn action(&self) -> Action {
        let work = self.clone();
        if self.blocking {
            return Action::blocking(move |cx: Cx| {
                cx.blocking().wait(Box::pin(work.clone().run(cx.clone())))
            });
        }
        Action::new(move |cx: Cx| work.clone().run(cx))
    }

    async fn run(self, cx: Cx) -> Result<(), Error> {
        for step in self.steps {
            match step {
                Step::Yield(times) => {
                    for _ in 0..times {
                        tokio::task::yield_now().await;
                    }
                }
                Step::Report => cx.report("here"),
                Step::Command(text) => drop(cx.shell().run(Script::raw(text)).await?),
                Step::Lock(name, times) => {
                    let _guard = cx.lock(name).acquire().await?;
                    for _ in 0..times {
                        tokio::task::yield_now().await;
                    }
                }
                Step::Defer(times) => {
                    let inner = cx.clone();
                    cx.defer(async move {
                        for _ in 0..times {
                            tokio::task::yield_now().await;
                        }
                        inner.space().update(DEFERRED, |count| *count += 1);
                    });
                }
                Step::Background(fails) => cx.background("work", move |cx| async move {
                    cx.shell().run(Script::raw("true")).await?;
                    if fails {
                        return Err(Error::msg("it went wrong in the background"));
                    }
                    Ok(())
                }),
                Step::Fail => cx.fail("it failed"),
            }
        }
        match self.end {
            End::Ok => Ok(()),
            End::Err => Err(Error::msg("it went wrong")),
            End::Panic => panic!("no such luck"),
            End::Late => {
                let patience = Duration::from_millis(30);
                let _ = tokio::time::timeout(patience, cx.cancelled()).await;
                Ok(())
            }
        }
    }
}

/// Cancels the run when it sees an event of a certain number.
struct CancelAt {
    canceller: Canceller,
    at: Vec<(u64, CancelReason)>,
}

impl Reporter for CancelAt {
    fn report(&mut self, event: &Event) {
        for (number, reason) in &self.at {
            if *number == event.number {
                self.canceller.cancel(*reason);
            }
        }
    }
}

fn work() -> impl Strategy<Value = Work> {
    let step = prop_oneof![
        4 => (0u8..20).prop_map(Step::Yield),
        2 => Just(Step::Report),
        2 => prop::sample::select(vec!["true", "echo out", "echo err >&2; printf part"]).prop_map(Step::Command),
        2 => (prop::sample::select(vec!["x", "y"]), 0u8..5).prop_map(|(name, times)| Step::Lock(name, times)),
        1 => (0u8..5).prop_map(Step::Defer),
        1 => prop::bool::weighted(0.2).prop_map(Step::Background),
        1 => Just(Step::Fail),
    ];
    let end = prop_oneof![6 => Just(End::Ok), 2 => Just(End::Err), 1 => Just(End::Panic), 1 => Just(End::Late)];
    (prop::collection::vec(step, 0..4), end, any::<bool>()).prop_map(|(steps, end, blocking)| {
        Work {
            steps,
            end,
            blocking,
        }
    })
}

fn scenario(cancels: bool) -> impl Strategy<Value = Scenario> {
    let reason = prop::sample::select(vec![
        CancelReason::Requested,
        CancelReason::Terminate,
        CancelReason::Interrupt,
    ]);
    let cancels = prop::collection::vec((1u64..40, reason), if cancels { 1..4 } else { 0..1 });
    (
        1usize..5,
        prop::collection::vec(prop::collection::vec(work(), 1..3), 1..4),
        prop::sample::select(MODES.to_vec()),
        any::<bool>(),
        prop::option::of(0u32..4),
        1u32..5,
        (1u32..4, any::<bool>(), 0u32..3, prop::bool::weighted(0.1)),
        cancels,
    )
        .prop_map(
            |(sites, jobs, mode, break_on_error, max_fail, fanout, more, cancels)| {
                let (groups, check, retries, once) = more;
                Scenario {
                    sites,
                    jobs,
                    mode,
                    break_on_error,
                    max_fail,
                    fanout,
                    groups,
                    check,
                    retries,
                    once,
                    cancels,
                }
            },
        )
}

impl Scenario {
    fn tasks(&self) -> u32 {
        let sites = if self.once { 1 } else { self.sites };
        u32::try_from(sites * self.jobs.len()).unwrap()
    }

    fn run(&self) -> ploy_tests::Ran {
        let mut catalogue = Catalogue::new();
        let names: Vec<String> = (0..self.jobs.len())
            .map(|number| format!("job{number}"))
            .collect();
        for (name, actions) in names.iter().zip(&self.jobs) {
            catalogue.add(name, ["all"], actions.iter().map(Work::action));
        }
        let mut stage = Stage::new(self.mode, names)
            .break_on_error(self.break_on_error)
            .fanout(self.fanout)
            .groups(self.groups)
            .retries(self.retries)
            .backoff(Duration::from_millis(1))
            .once(self.once);
        if self.check {
            stage = stage.check(HealthCheck::new(|group: Group| async move {
                let shell = group.shell(&group.sites()[0]);
                shell.run(Script::raw("true")).await.map(drop)
            }));
        }
        if let Some(most) = self.max_fail {
            stage = stage.max_fail(most);
        }
        let runner = Runner::new(sites(self.sites), catalogue);
        let cancel = CancelAt {
            canceller: runner.canceller(),
            at: self.cancels.clone(),
        };
        // `finish` checks the rules.
        start(runner.reporter(cancel), |batch| async move {
            batch.stage(stage).await.into_result()
        })
        .finish()
    }
}

fn config(cases: u32) -> ProptestConfig {
    // A failure prints its scenario; no files beside the sources.
    ProptestConfig {
        cases,
        failure_persistence: None,
        max_shrink_iters: 40,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn the_rules_hold_when_nobody_cancels(scenario in scenario(false)) {
        let ran = scenario.run();
        let all = scenario.tasks();
        let stats = &ran.stats;
        prop_assert_eq!(stats.succeeded + stats.failed + stats.skipped, all, "each task is told once: {:?}", stats);
        prop_assert_eq!(stats.cancelled + stats.unreachable, 0);
        let fails: Vec<bool> = scenario.jobs.iter().map(|job| job.iter().any(Work::fails)).collect();
        let sites = u32::try_from(scenario.sites).unwrap();
        let failing = u32::try_from(fails.iter().filter(|fails| **fails).count()).unwrap();
        let in_background = scenario.jobs.iter().flatten().any(Work::fails_in_background);
        if failing == 0 {
            prop_assert_eq!(stats.is_ok(), !in_background);
            prop_assert_eq!(stats.succeeded, all);
        } else {
            prop_assert!(!stats.is_ok());
        }
        if scenario.max_fail.is_none() && !scenario.once {
            // What a failure ends, by the book.
            let expected = match (scenario.break_on_error, scenario.mode) {
                (false, _) | (true, Mode::Parallel) => Some((failing * sites, 0)),
                (true, Mode::SiteSequential) if failing > 0 => {
                    let first = u32::try_from(fails.iter().position(|fails| *fails).unwrap()).unwrap();
                    let rest = u32::try_from(scenario.jobs.len()).unwrap() - first - 1;
                    Some((sites, rest * sites))
                }
                _ => None,
            };
            if let Some(expected) = expected {
                prop_assert_eq!((stats.failed, stats.skipped), expected);
            }
        }
    }

    #[test]
    fn the_rules_hold_when_somebody_cancels(scenario in scenario(true)) {
        let ran = scenario.run();
        let all = scenario.tasks();
        let stats = &ran.stats;
        let told = stats.succeeded + stats.failed + stats.skipped + stats.cancelled + stats.unreachable;
        // Cancelled before the stage began, nothing of it is told.
        prop_assert!(told == all || (told == 0 && stats.cancel.is_some()), "{:?}", stats);
    }
}
