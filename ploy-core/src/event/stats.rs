//! What a run came to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{CancelReason, StageId};

/// What a run came to: a fold over its events, and nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Stats {
    /// Tasks that succeeded.
    pub succeeded: u32,
    /// Tasks that failed.
    pub failed: u32,
    /// Tasks whose site could not be reached.
    pub unreachable: u32,
    /// Tasks that were cancelled while they ran.
    pub cancelled: u32,
    /// Tasks that never started.
    pub skipped: u32,
    /// Stages that could not begin.
    pub refused: u32,
    /// Stages whose check between two groups failed.
    pub gates_failed: u32,
    /// Work in the background that failed, or did not end in time.
    pub background_failed: u32,
    /// How often an action was tried again.
    pub retried: u32,
    /// Whether the schedule's own code failed.
    pub schedule_failed: bool,
    /// Whether a stage stopped because more tasks failed than it allows.
    pub budget_spent: bool,
    /// Why the run was cancelled, if it was.
    pub cancel: Option<CancelReason>,
    /// Whether a second signal ended what still ran.
    pub killed: bool,
    /// Failed tasks, unreachable tasks, failed checks and refusals of stages whose failure the
    /// schedule allowed: not errors.
    pub allowed: u32,
    #[serde(skip)]
    pub(super) stages: BTreeMap<StageId, StageCount>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct StageCount {
    pub(super) failed: u32,
    pub(super) unreachable: u32,
    pub(super) gates_failed: u32,
    pub(super) refused: u32,
    pub(super) budget_spent: bool,
}

impl Stats {
    /// Whether the run did what it was asked to.
    pub fn is_ok(&self) -> bool {
        self.failed == 0
            && self.unreachable == 0
            && self.refused == 0
            && self.gates_failed == 0
            && self.background_failed == 0
            && !self.schedule_failed
            && !self.budget_spent
            && self.cancel.is_none()
    }
}
