//! What happens in a run, as data, and who follows it.

pub use ploy_core::event::{
    CancelReason, Event, EventKind, Fault, Reporter, Show, SkipReason, Stats, Stream, TaskResult,
    View,
};
