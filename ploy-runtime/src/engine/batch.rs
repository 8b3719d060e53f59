use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::oneshot;

use super::context::Context;
use super::message::Message;
use super::outcome::{Outcome, Settled};
use crate::catalogue::{IntoJobs, Mode, Options, Schedule, Stage};
use crate::error::{Failure, Kind, Problem};
use crate::event::{BatchId, Fault};
use crate::plan;

/// A run, as its schedule sees it: a way to run stages. Copies are cheap and mean the same run.
#[derive(Clone)]
pub struct Batch {
    pub(super) context: Arc<Context>,
    pub(super) defaults: Options,
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

    /// Runs jobs all at once.
    pub fn parallel(&self, jobs: impl IntoJobs) -> StageRun {
        self.stage(Stage::new(Mode::Parallel, jobs))
    }

    /// Runs a stage.
    pub fn stage(&self, stage: Stage) -> StageRun {
        StageRun {
            batch: self.clone(),
            stage,
        }
    }

    /// Runs the stages of a schedule in data, each only if the one before it did not fail.
    ///
    /// # Errors
    ///
    /// The failure of the first stage that fails.
    pub async fn schedule(&self, schedule: &Schedule) -> Result<(), Failure> {
        for stage in schedule.stages() {
            self.stage(stage.clone()).await.check()?;
        }
        Ok(())
    }
}

/// A stage about to run; await it to run it. Its methods set options.
#[must_use = "a stage runs when it is awaited"]
pub struct StageRun {
    batch: Batch,
    stage: Stage,
}

impl StageRun {
    crate::catalogue::option_setters!(stage options);

    /// The stage as a plain future, to be spawned or joined with others.
    pub fn start(self) -> Pin<Box<dyn Future<Output = Outcome> + Send>> {
        self.into_future()
    }

    async fn execute(self) -> Outcome {
        let Batch { context, defaults } = self.batch;
        let number = context.next_stage.fetch_add(1, Ordering::Relaxed);
        let settled = match plan::build(
            &context.catalogue,
            &context.topology,
            &self.stage,
            &defaults,
        ) {
            Err(problems) => {
                let fault = refusal(&problems);
                context.line.send(Message::Refused {
                    stage: number,
                    fault: fault.clone(),
                });
                Settled {
                    plan: None,
                    ends: Vec::new(),
                    refusal: Some(fault),
                }
            }
            Ok(plan) => {
                let (reply, settled) = oneshot::channel();
                context.line.send(Message::Stage {
                    stage: number,
                    plan: Arc::new(plan),
                    reply,
                });
                // A dispatcher that is gone has abandoned the run.
                settled.await.unwrap_or_else(|_| Settled {
                    plan: None,
                    ends: Vec::new(),
                    refusal: Some(Fault::new(Kind::Cancelled, "the run was abandoned")),
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

fn refusal(problems: &[Problem]) -> Fault {
    let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let mut fault = Fault::new(Kind::Usage, texts.join("; "));
    fault.hint = problems
        .iter()
        .find_map(|problem| problem.hint().map(str::to_owned));
    fault
}
