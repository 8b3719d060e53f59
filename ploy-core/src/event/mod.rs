//! What happens in a run, as data.
//!
//! Pure: the engine makes events, and a reporter shows them. An [`Event`] has a number, a time
//! (`time`) and an [`EventKind`] (`event_kind`), which names stages, tasks, actions and commands by
//! the numbers of `ids`. What goes wrong is an [`ErrorReport`]; how tasks end, and why they or a
//! stage do not begin, is in `result`; what actions wait for is in `waiting`; what is to be shown
//! of a stage or a command is in `shown`. `stats` is what a run came to, and `stats_fold` how each
//! event changes it. `texts` and `durations` look at every text and every duration of an event, for
//! its one writer.

mod durations;
mod error_report;
mod event;
mod event_kind;
mod ids;
mod reporter;
mod result;
mod shown;
mod stats;
mod stats_fold;
mod texts;
mod time;
mod waiting;

pub use error_report::{ErrorReport, SourceLocation};
pub use event::Event;
pub use event_kind::{EventKind, Stream};
pub use ids::{
    ActionId, BatchId, CommandId, CommandKey, GroupIndex, JobIndex, JobOnSite, QualifiedActionId,
    QualifiedStageId, SiteIndex, StageId, TaskId, TaskKey,
};
pub use reporter::Reporter;
pub use result::{CancelReason, SkipReason, StageSkipReason, TaskResult};
pub use shown::{Show, StageView};
pub use stats::Stats;
pub use time::EventTime;
pub use waiting::{SilentSource, WaitTarget};

#[doc(hidden)]
pub use crate::milliseconds::milliseconds;
