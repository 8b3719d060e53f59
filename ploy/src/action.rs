//! What an action is, and what it is handed: a [`Cx`], the ids of what runs, and the space that
//! jobs share.

pub use ploy_core::event::{BatchId, QualifiedActionId, QualifiedStageId};
pub use ploy_runtime::action::{Action, Blocking, BoxFuture, Cx, JobOutput, Key, Space};
