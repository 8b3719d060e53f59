//! Whose a line is that is told of a run.

use ploy_core::event::{ActionId, CommandId, StageId, TaskId};

/// Whose a line is. Checks between groups and work in the background are of no task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LineOwner {
    pub(crate) stage: StageId,
    pub(crate) task: Option<TaskId>,
    /// None if it is the task's own.
    pub(crate) action: Option<ActionId>,
    /// None if it is no command's.
    pub(crate) command: Option<CommandId>,
}
