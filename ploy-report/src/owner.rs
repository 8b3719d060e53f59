//! Whose a line is that is told of a run.

use crate::event::{ActionId, CommandId, StageId, TaskId};

/// Whose a line is. Checks between groups and work in the background are of no task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LineOwner {
    pub(super) stage: StageId,
    pub(super) task: Option<TaskId>,
    /// None if it is the task's own.
    pub(super) action: Option<ActionId>,
    /// None if it is no command's.
    pub(super) command: Option<CommandId>,
}
