//! Who asks, as the dispatcher knows it.

use crate::event::StageId;

/// An action that asks for something, as the dispatcher knows it.
pub(crate) struct Requester {
    /// The action for messages: `upload on web1`.
    pub(crate) label: String,
    /// Where it stands; none for work that belongs to no task.
    pub(crate) scope: Option<Scope>,
}

/// The tasks that meet at a barrier, seen from one of them: those of one job invocation in one
/// group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope {
    pub(crate) stage: StageId,
    /// The job invocation in the stage.
    pub(crate) job: u32,
    /// The group of a rolling stage; always the same in any other mode.
    pub(crate) group: u32,
    pub(crate) task: u32,
    /// How many tasks the scope has, ended or not.
    pub(crate) width: u32,
    /// How many of them have not ended, this one included.
    pub(crate) width_open: u32,
    /// Whether one task runs at a time: atomic mode.
    pub(crate) exclusive: bool,
}
