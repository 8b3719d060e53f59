//! Runs plans: one dispatcher that owns the state of a run and is the only writer of its events, and an executor for
//! each task that runs.

mod actions;
mod background;
mod batch;
mod cancel;
mod clock;
mod context;
mod dispatcher;
mod ending;
mod executor;
mod group;
mod health_check;
pub mod linked;
mod message;
mod outcome;
mod places;
mod reporting;
mod retry;
mod runner;
mod stage;
mod step;
mod tasks;
mod timers;
mod verdict;
mod verify;
mod waits;

pub use batch::{Batch, StageRun};
pub use clock::now;
pub use group::Group;
pub use health_check::HealthCheck;
pub use linked::{ActionDef, ActionFn, Entry, JobDef, ScheduleDef, ScheduleFn, TopologyDef};
pub use outcome::{JobError, Outcome, SiteOutcome, TaskOutcome};
pub use runner::{Canceller, Runner};

use std::sync::Arc;

use crate::action::{Action, BoxFuture, JobOutput, boxed};

/// A schedule in code: a function of a [`Batch`].
#[derive(Clone)]
pub struct ScheduleCode(Arc<dyn Fn(Batch) -> BoxFuture + Send + Sync>);

impl std::fmt::Debug for ScheduleCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ScheduleCode")
    }
}

impl ScheduleCode {
    /// A schedule that is an asynchronous function.
    pub fn new<F, T>(function: impl Fn(Batch) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = T> + Send + 'static,
        T: JobOutput,
    {
        ScheduleCode(Arc::new(move |batch| boxed(function(batch))))
    }

    /// Runs it.
    pub fn call(&self, batch: Batch) -> BoxFuture {
        (self.0)(batch)
    }
}

/// All jobs and schedules of a deploy binary.
pub type Catalogue = crate::catalogue::Catalogue<Action, ScheduleCode>;
