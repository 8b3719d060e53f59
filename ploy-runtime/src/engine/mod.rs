//! Runs plans: one dispatcher that owns the state of a run and is the only writer of its events, and an executor for
//! each task that runs.

mod batch;
mod dispatcher;
mod executor;
mod linked;
mod message;
mod outcome;
pub(crate) mod panic;
mod reporting;
mod runner;
mod stage;

pub use batch::{Batch, StageRun};
pub use linked::{ActionDef, ActionFn, Entry, JobDef, ScheduleDef, ScheduleFn, TopologyDef};
pub(crate) use linked::{linked_catalogue, linked_topologies};
pub use outcome::{JobError, Outcome, TaskOutcome};
pub use runner::{Canceller, Runner};

use std::sync::Arc;

use crate::action::{Action, BoxFuture};

/// A schedule in code: a function of a [`Batch`].
#[derive(Clone)]
pub struct ScheduleCode(pub(crate) Arc<dyn Fn(Batch) -> BoxFuture + Send + Sync>);

impl std::fmt::Debug for ScheduleCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ScheduleCode")
    }
}

/// All jobs and schedules of a deploy binary.
pub type Catalogue = crate::catalogue::Catalogue<Action, ScheduleCode>;
