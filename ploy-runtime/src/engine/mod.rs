//! Runs plans. One dispatcher owns the state of a run and decides (`dispatcher`); a driver around
//! it listens, waits and carries out (`driver`). What a schedule in code sees is in `batch`; a
//! program that embeds runs begins with [`Runner`] (`runner`), and `registration` finds what macros
//! declare. `verify` tries passwords before a run.

mod batch;
mod context;
mod dispatcher;
mod driver;
pub mod registration;
mod runner;
mod verify;

pub use batch::{Batch, Group, HealthCheck, JobError, Outcome, StageRun, TaskOutcome};
pub use dispatcher::SiteOutcome;
pub use driver::now;
pub use registration::{ActionDef, ActionFn, Entry, JobDef, ScheduleDef, ScheduleFn, TopologyDef};
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
