use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::{mpsc, oneshot};

use super::context::Context;
use super::message::Message;
use super::outcome::{Outcome, Settled, SiteOutcome};
use super::step::Step;
use crate::action::Space;
use crate::catalogue::{
    Argument, Arguments, Condition, Course, Groups, IntoJobs, Mode, Options, Schedule, Stage,
};
use crate::error::{Failure, Kind, Problem};
use crate::event::{BatchId, CancelReason, ErrorReport, EventKind, StageSkipReason};
use crate::plan;

/// A run, as its schedule sees it: a way to run stages. Copies are cheap and mean the same run.
#[derive(Clone)]
pub struct Batch {
    pub(super) context: Arc<Context>,
    pub(super) defaults: Options,
    /// What holds whatever a stage says: the will of whoever started the run.
    pub(super) overrides: Options,
}

impl Batch {
    /// The id of the run.
    pub fn id(&self) -> BatchId {
        self.context.batch.clone()
    }

    /// The same run with these options, and where they set none with those that it had. Stages inherit them.
    #[must_use]
    pub fn with(&self, options: &Options) -> Batch {
        Batch {
            context: self.context.clone(),
            defaults: options.or(&self.defaults),
            overrides: self.overrides.clone(),
        }
    }

    /// Runs jobs in site-sequential mode: on each site, job after job; sites do not wait for each other.
    pub fn run(&self, jobs: impl IntoJobs) -> StageRun {
        self.stage(Stage::new(Mode::SiteSequential, jobs))
    }

    /// Runs jobs one after the other, each on all its sites before the next.
    pub fn sequential(&self, jobs: impl IntoJobs) -> StageRun {
        self.stage(Stage::new(Mode::Sequential, jobs))
    }

    /// Runs jobs one task at a time.
    pub fn atomic(&self, jobs: impl IntoJobs) -> StageRun {
        self.stage(Stage::new(Mode::Atomic, jobs))
    }

    /// Runs all jobs on a group of sites, then on the next: `2`, or `"1,10%,100%"`.
    pub fn rolling(&self, groups: impl Into<Groups>, jobs: impl IntoJobs) -> StageRun {
        self.stage(Stage::rolling(groups, jobs))
    }

    /// Runs jobs all at once.
    pub fn parallel(&self, jobs: impl IntoJobs) -> StageRun {
        self.stage(Stage::new(Mode::Parallel, jobs))
    }

    /// Runs a stage, whatever its condition: that is for schedules in data.
    pub fn stage(&self, stage: Stage) -> StageRun {
        StageRun {
            batch: self.clone(),
            stage,
            on_site: None,
        }
    }

    /// Asks whoever runs this a question that is answered by yes or no, on the terminal; nothing is yes unless it was said.
    ///
    /// # Errors
    ///
    /// [`Kind::Usage`] if nobody can be asked: without a terminal, or with `--no-input`; `--yes` answers yes.
    pub async fn confirm(&self, question: impl std::fmt::Display) -> Result<bool, Failure> {
        self.context.consent.ask(&question.to_string()).await
    }

    /// All that the schedule is given for its parameters, with the defaults of those for which nothing is.
    pub fn arguments(&self) -> &Arguments {
        &self.context.arguments
    }

    /// What the schedule is given for its parameter of this name, by the command line or its default. An argument of a
    /// `#[schedule]`'s function has it already.
    ///
    /// # Errors
    ///
    /// [`Kind::Usage`] if it has no such parameter, or it is not a `T`.
    pub fn argument<T: Argument>(&self, name: &str) -> Result<T, Failure> {
        self.context.arguments.value(name, "the schedule")
    }

    /// The space that all actions of the run share.
    pub fn space(&self) -> &Space {
        self.context.spaces.batch()
    }

    /// The space that the actions on the site of this name share, in this run.
    pub fn site_space(&self, site: &str) -> Space {
        self.context.spaces.site(site)
    }

    /// Runs the stages of a schedule in data, each if its condition holds: without one, if nothing before it failed.
    ///
    /// # Errors
    ///
    /// The failure of the first stage that fails; or, before anything runs, a condition that names no stage before its
    /// own.
    pub async fn schedule(&self, schedule: &Schedule) -> Result<(), Failure> {
        if let Some((mistake, hint)) = schedule.mistakes().into_iter().next() {
            let failure = Failure::new(Kind::Unsound, "the schedule contradicts itself", mistake);
            return Err(match hint {
                Some(hint) => failure.with_hint(hint),
                None => failure,
            });
        }
        let (mut course, mut first) = (Course::default(), Ok(()));
        for stage in schedule.stages() {
            if course.admits(stage) {
                let outcome = self.stage(stage.clone()).await;
                let ended = outcome.check();
                // One that somebody did not want has not run.
                if !outcome.is_skipped() {
                    course.note(stage, ended.is_err());
                }
                first = first.and(ended);
            } else {
                let number = self.context.next_stage.fetch_add(1, Ordering::Relaxed);
                self.context
                    .line
                    .send(Message::Emit(EventKind::StageSkipped {
                        stage: number.into(),
                        name: stage.options().name.clone(),
                        reason: StageSkipReason::Condition {
                            condition: stage.condition().clone(),
                        },
                    }));
            }
        }
        first
    }
}

/// What is called as each site finishes.
type OnSite = Box<dyn FnMut(SiteOutcome) + Send>;

/// A stage about to run; await it to run it. Its methods set options.
#[must_use = "a stage runs when it is awaited"]
pub struct StageRun {
    batch: Batch,
    stage: Stage,
    on_site: Option<OnSite>,
}

impl StageRun {
    ploy_core::option_setters!(stage options);

    /// Calls this function for each site when its last task of the stage has ended, or will not start.
    ///
    /// It runs as part of the stage's future, so it should not block.
    pub fn on_site(mut self, call: impl FnMut(SiteOutcome) + Send + 'static) -> Self {
        self.on_site = Some(Box::new(call));
        self
    }

    /// The stage as a plain future, to be spawned or joined with others. One that has begun goes on though its future
    /// is dropped, and the run waits for it: limit it by [`timeout`](StageRun::timeout) instead.
    pub fn start(self) -> Pin<Box<dyn Future<Output = Outcome> + Send>> {
        self.into_future()
    }

    async fn execute(self) -> Outcome {
        let StageRun {
            batch,
            stage,
            on_site,
        } = self;
        let context = batch.context;
        let number = context.next_stage.fetch_add(1, Ordering::Relaxed);
        let mut stage = stage;
        stage.options = batch.overrides.or(&stage.options);
        let settled = match plan::build(
            &context.catalogue,
            &context.topology,
            &stage,
            &batch.defaults,
        ) {
            Err(problems) => {
                let fault = refusal(&problems);
                context.line.send(Message::Refused {
                    stage: number,
                    fault: fault.clone(),
                });
                Settled::refused(fault)
            }
            Ok(plan) => {
                if let Some(steps) = &context.steps {
                    match steps.ask(&plan).await {
                        Ok(Step::Run) => {}
                        Ok(Step::Skip) => {
                            context.line.send(Message::Emit(EventKind::StageSkipped {
                                stage: number.into(),
                                name: stage.options().name.clone(),
                                reason: StageSkipReason::Declined,
                            }));
                            return Outcome::new(number, Settled::skipped(), None);
                        }
                        // Its tasks are then not started.
                        Ok(Step::Quit) => {
                            context.line.send(Message::Cancel(CancelReason::Interrupt));
                        }
                        Err(fault) => {
                            context.line.send(Message::Refused {
                                stage: number,
                                fault: fault.clone(),
                            });
                            return Outcome::new(
                                number,
                                Settled::refused(fault),
                                Some(context.line.clone()),
                            );
                        }
                    }
                }
                let (reply, settled) = oneshot::channel();
                let (sites, ended) = match on_site {
                    Some(call) => {
                        let (sites, ended) = mpsc::unbounded_channel();
                        (Some(sites), Some((ended, call)))
                    }
                    None => (None, None),
                };
                context.line.send(Message::Stage {
                    stage: number,
                    plan: Arc::new(plan),
                    in_spite_of_failures: stage.condition != Condition::Success,
                    sites,
                    reply,
                });
                if let Some((mut ended, mut call)) = ended {
                    // The line ends with the stage.
                    while let Some(site) = ended.recv().await {
                        call(site);
                    }
                }
                // A dispatcher that is gone has abandoned the run.
                settled.await.unwrap_or_else(|_| {
                    Settled::refused(ErrorReport::new(Kind::Cancelled, "the run was abandoned"))
                })
            }
        };
        Outcome::new(number, settled, Some(context.line.clone()))
    }
}

impl IntoFuture for StageRun {
    type Output = Outcome;
    type IntoFuture = Pin<Box<dyn Future<Output = Outcome> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.execute())
    }
}

fn refusal(problems: &[Problem]) -> ErrorReport {
    let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let mut fault = ErrorReport::new(Kind::Usage, texts.join("; "));
    fault.hint = problems
        .iter()
        .find_map(|problem| problem.hint().map(str::to_owned));
    fault
}
