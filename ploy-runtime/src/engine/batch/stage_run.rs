//! A stage about to run.

use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::outcome::Outcome;
use super::step_prompt::StepAnswer;
use crate::catalogue::{Condition, Options, Stage};
use crate::engine::context::Context;
use crate::engine::dispatcher::{Message, Settled, SiteOutcome};
use crate::error::{Kind, Problem};
use crate::event::{CancelReason, ErrorReport, EventKind, StageId, StageSkipReason};
use crate::plan::{self, Plan};

/// What is called as each site finishes.
type OnSite = Box<dyn FnMut(SiteOutcome) + Send>;

/// The run in which a stage stands, and the options that hold there.
pub(super) struct StageOrigin {
    pub(super) context: Arc<Context>,
    pub(super) defaults: Options,
    pub(super) overrides: Options,
}

/// A stage about to run; await it to run it. Its methods set options.
#[must_use = "a stage runs when it is awaited"]
pub struct StageRun {
    origin: StageOrigin,
    stage: Stage,
    plan: Option<Arc<Plan>>,
    on_site: Option<OnSite>,
}

impl StageRun {
    pub(super) fn new(origin: StageOrigin, stage: Stage) -> Self {
        StageRun {
            origin,
            stage,
            plan: None,
            on_site: None,
        }
    }

    pub(super) fn with_plan(mut self, plan: Arc<Plan>) -> Self {
        self.plan = Some(plan);
        self
    }

    ploy_core::option_setters!(stage options);

    /// Calls this function for each site when its last task of the stage has ended, or will not
    /// start.
    ///
    /// It runs as part of the stage's future, so it should not block.
    pub fn on_site(mut self, call: impl FnMut(SiteOutcome) + Send + 'static) -> Self {
        self.on_site = Some(Box::new(call));
        self
    }

    /// The stage as a plain future, to be spawned or joined with others. One that has begun goes on
    /// though its future is dropped, and the run waits for it: limit it by
    /// [`timeout`](StageRun::timeout) instead.
    pub fn start(self) -> Pin<Box<dyn Future<Output = Outcome> + Send>> {
        self.into_future()
    }

    async fn execute(self) -> Outcome {
        let StageRun {
            origin,
            mut stage,
            plan,
            on_site,
        } = self;
        let context = origin.context;
        let id = context.next_stage();
        stage.options = origin.overrides.or(&stage.options);
        let plan = match plan {
            Some(plan) => plan,
            None => {
                let (catalogue, topology) = (&context.catalogue, &context.topology);
                match plan::build(catalogue, topology, &stage, &origin.defaults) {
                    Ok(plan) => Arc::new(plan),
                    Err(problems) => return refuse(&context, id, refusal(&problems)),
                }
            }
        };
        match ask(&context, &plan).await {
            Ok(StepAnswer::Run) => {}
            Ok(StepAnswer::Skip) => {
                let skipped = EventKind::StageSkipped {
                    stage: id,
                    name: stage.options().name.clone(),
                    reason: StageSkipReason::Declined,
                };
                context.dispatcher.send(Message::Emit(skipped));
                return Outcome::new(id, Settled::skipped(), None);
            }
            // Its tasks are then not started.
            Ok(StepAnswer::Quit) => {
                let reason = CancelReason::Interrupt;
                context.dispatcher.send(Message::Cancel(reason));
            }
            Err(error) => return refuse(&context, id, error),
        }
        let (reply, settled) = oneshot::channel();
        let (sites, ended) = match on_site {
            Some(call) => {
                let (sites, ended) = mpsc::unbounded_channel();
                (Some(sites), Some((ended, call)))
            }
            None => (None, None),
        };
        context.dispatcher.send(Message::Stage {
            stage: id,
            plan,
            in_spite_of_failures: stage.condition != Condition::Success,
            sites,
            reply,
        });
        if let Some((mut ended, mut call)) = ended {
            // The channel ends with the stage.
            while let Some(site) = ended.recv().await {
                call(site);
            }
        }
        // A dispatcher that is gone has abandoned the run.
        let settled = settled.await.unwrap_or_else(|_| {
            Settled::refused(ErrorReport::new(Kind::Cancelled, "the run was abandoned"))
        });
        Outcome::new(id, settled, Some(context.dispatcher.clone()))
    }
}

/// Asks whether the stage is to run, where that is wanted.
async fn ask(context: &Context, plan: &Plan) -> Result<StepAnswer, ErrorReport> {
    match &context.step_prompt {
        Some(prompt) => prompt.ask(plan).await,
        None => Ok(StepAnswer::Run),
    }
}

/// Tells that a stage cannot begin.
fn refuse(context: &Context, id: StageId, error: ErrorReport) -> Outcome {
    context.dispatcher.send(Message::Refused {
        stage: id,
        error: error.clone(),
    });
    let dispatcher = context.dispatcher.clone();
    Outcome::new(id, Settled::refused(error), Some(dispatcher))
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
    let mut error = ErrorReport::new(Kind::Usage, texts.join("; "));
    error.hint = problems
        .iter()
        .find_map(|problem| problem.hint().map(str::to_owned));
    error
}
