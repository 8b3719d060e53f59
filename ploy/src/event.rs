//! What happens in a run, as data, and who follows it.

pub use ploy_core::event::{
    ActionId, CancelReason, CommandId, CommandKey, ErrorReport, Event, EventKind, EventTime,
    GroupIndex, JobIndex, JobOnSite, Reporter, Show, SilentSource, SiteIndex, SkipReason,
    SourceLocation, StageId, StageSkipReason, StageView, Stats, Stream, TaskId, TaskKey,
    TaskResult, WaitTarget,
};
