//! How the actions of a task ended, taken together.

use crate::error::Kind;
use crate::event::{ErrorReport, TaskResult};

/// How the actions of a task ended so far.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::engine::dispatcher) struct Verdict {
    failed: bool,
    unreachable: bool,
    cancelled: bool,
}

impl Verdict {
    pub(in crate::engine::dispatcher) fn take(&mut self, errors: &[ErrorReport]) {
        for error in errors {
            match error.kind {
                Kind::Cancelled => self.cancelled = true,
                kind if kind.is_unreachable() => self.unreachable = true,
                _ => self.failed = true,
            }
        }
    }

    pub(in crate::engine::dispatcher) fn result(self) -> TaskResult {
        match self {
            Verdict { failed: true, .. } => TaskResult::Failed,
            Verdict {
                unreachable: true, ..
            } => TaskResult::Unreachable,
            Verdict {
                cancelled: true, ..
            } => TaskResult::Cancelled,
            _ => TaskResult::Succeeded,
        }
    }
}

/// How work with these errors ended.
pub(in crate::engine::dispatcher) fn result(errors: &[ErrorReport]) -> TaskResult {
    let mut verdict = Verdict::default();
    verdict.take(errors);
    verdict.result()
}
