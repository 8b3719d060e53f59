//! A run, as its schedule sees it.

use std::sync::Arc;

use super::stage_run::{StageOrigin, StageRun};
use crate::action::Space;
use crate::catalogue::{
    Argument, Arguments, Course, Groups, IntoJobs, Mode, Options, Schedule, Stage,
};
use crate::engine::context::Context;
use crate::engine::dispatcher::Message;
use crate::error::{Failure, Kind};
use crate::event::{BatchId, EventKind, StageSkipReason};
use crate::plan::Plan;

/// A run, as its schedule sees it: a way to run stages. Copies are cheap and mean the same run.
#[derive(Clone)]
pub struct Batch {
    pub(in crate::engine) context: Arc<Context>,
    pub(in crate::engine) defaults: Options,
    /// What holds whatever a stage says: the will of whoever started the run.
    pub(in crate::engine) overrides: Options,
}

impl Batch {
    /// The id of the run.
    pub fn id(&self) -> BatchId {
        self.context.batch.clone()
    }

    /// The same run with these options, and where they set none with those that it had. Stages
    /// inherit them.
    #[must_use]
    pub fn with(&self, options: &Options) -> Batch {
        Batch {
            context: self.context.clone(),
            defaults: options.or(&self.defaults),
            overrides: self.overrides.clone(),
        }
    }

    /// Runs jobs in site-sequential mode: on each site, job after job; sites do not wait for each
    /// other.
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
        StageRun::new(self.origin(), stage)
    }

    /// Runs a plan that was made before: of this stage, with this batch's options, by
    /// [`plan::build`](crate::plan::build) from the catalogue and the topology of this run. Options
    /// of the stage that shaped the plan cannot be changed any more.
    pub fn planned(&self, stage: Stage, plan: Arc<Plan>) -> StageRun {
        StageRun::new(self.origin(), stage).with_plan(plan)
    }

    fn origin(&self) -> StageOrigin {
        StageOrigin {
            context: self.context.clone(),
            defaults: self.defaults.clone(),
            overrides: self.overrides.clone(),
        }
    }

    /// Asks whoever runs this a question that is answered by yes or no, on the terminal; nothing is
    /// yes unless it was said.
    ///
    /// # Errors
    ///
    /// [`Kind::Usage`] if nobody can be asked: without a terminal, or with `--no-input`; `--yes`
    /// answers yes.
    pub async fn confirm(&self, question: impl std::fmt::Display) -> Result<bool, Failure> {
        self.context.consent.ask(&question.to_string()).await
    }

    /// All that the schedule is given for its parameters, with the defaults of those for which
    /// nothing is.
    pub fn arguments(&self) -> &Arguments {
        &self.context.arguments
    }

    /// What the schedule is given for its parameter of this name, by the command line or its
    /// default. An argument of a `#[schedule]`'s function has it already.
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

    /// Runs the stages of a schedule in data, each if its condition holds: without one, if nothing
    /// before it failed.
    ///
    /// # Errors
    ///
    /// The failure of the first stage that fails; or, before anything runs, a condition that names
    /// no stage before its own.
    pub async fn schedule(&self, schedule: &Schedule) -> Result<(), Failure> {
        self.planned_schedule(schedule, Vec::new()).await
    }

    /// As [`schedule`](Batch::schedule), with the plans of the stages that were made before, as for
    /// [`planned`](Batch::planned). A stage without one is planned when it is to begin.
    ///
    /// # Errors
    ///
    /// As `schedule`.
    pub async fn planned_schedule(
        &self,
        schedule: &Schedule,
        plans: Vec<Option<Arc<Plan>>>,
    ) -> Result<(), Failure> {
        if let Some((mistake, hint)) = schedule.mistakes().into_iter().next() {
            let failure = Failure::new(Kind::Unsound, "the schedule contradicts itself", mistake);
            return Err(match hint {
                Some(hint) => failure.with_hint(hint),
                None => failure,
            });
        }
        let (mut course, mut first) = (Course::default(), Ok(()));
        let plans = plans.into_iter().chain(std::iter::repeat(None));
        for (stage, plan) in schedule.stages().iter().zip(plans) {
            if course.admits(stage) {
                let run = match plan {
                    Some(plan) => self.planned(stage.clone(), plan),
                    None => self.stage(stage.clone()),
                };
                let outcome = run.await;
                let ended = outcome.check();
                // One that somebody did not want has not run.
                if !outcome.is_skipped() {
                    course.note(stage, ended.is_err());
                }
                first = first.and(ended);
            } else {
                let stage_id = self.context.next_stage();
                self.context
                    .dispatcher
                    .send(Message::Emit(EventKind::StageSkipped {
                        stage: stage_id,
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
