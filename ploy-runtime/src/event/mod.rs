//! What happened in a run, as data. Pure: who makes events is the engine, who shows them is a reporter.

mod event;
mod fault;
mod ids;
mod reporter;
mod stats;

pub use event::{CancelReason, Event, EventKind, Show, SkipReason, Stream, TaskResult, View};
pub use fault::Fault;
pub use ids::{ActionId, BatchId, StageId};
pub use reporter::Reporter;
pub use stats::Stats;
