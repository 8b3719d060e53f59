//! What happened in a run, as data. Pure: who makes events is the engine, who shows them is a reporter.

mod event;
mod fault;
mod ids;
mod milliseconds;
mod reporter;
mod result;
mod stats;
mod texts;
mod view;

pub use event::{Event, EventKind, Stream};
pub use fault::Fault;
pub use ids::{ActionId, BatchId, StageId};
pub use milliseconds::milliseconds;
pub use reporter::Reporter;
pub use result::{CancelReason, SkipReason, TaskResult};
pub use stats::Stats;
pub use view::{Show, View};
