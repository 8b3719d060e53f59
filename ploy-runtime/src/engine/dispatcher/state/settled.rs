//! What the dispatcher knows of a stage that has ended.

use std::sync::Arc;

use crate::event::{ErrorReport, SkipReason, TaskResult};
use crate::plan::Plan;

/// What the dispatcher knows of a stage that has ended.
pub(in crate::engine) struct Settled {
    pub(in crate::engine) plan: Option<Arc<Plan>>,
    pub(in crate::engine) ends: Vec<TaskEnd>,
    pub(in crate::engine) refusal: Option<ErrorReport>,
    pub(in crate::engine) gate_errors: Vec<ErrorReport>,
}

impl Settled {
    /// Of a stage that somebody did not want to run.
    pub(in crate::engine) fn skipped() -> Self {
        Settled {
            plan: None,
            ends: Vec::new(),
            refusal: None,
            gate_errors: Vec::new(),
        }
    }

    /// Of a stage that did not begin.
    pub(in crate::engine) fn refused(error: ErrorReport) -> Self {
        Settled {
            plan: None,
            ends: Vec::new(),
            refusal: Some(error),
            gate_errors: Vec::new(),
        }
    }
}

#[derive(Clone, Debug)]
pub(in crate::engine) enum TaskEnd {
    /// It has not ended yet, or the run ended before it did.
    Open,
    Ended(TaskResult, Box<[ActionError]>),
    Skipped(SkipReason),
}

/// What went wrong in an action of a task.
#[derive(Clone, Debug)]
pub(in crate::engine) struct ActionError {
    pub(in crate::engine) action: Box<str>,
    pub(in crate::engine) error: ErrorReport,
}
