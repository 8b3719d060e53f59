//! What a run came to: a fold over its events.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{CancelReason, ErrorReport, EventKind, StageId, TaskResult};
use crate::error::Kind;

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
    /// Failed tasks, unreachable tasks, failed checks and refusals of stages whose failure the schedule allowed: not errors.
    pub allowed: u32,
    #[serde(skip)]
    stages: BTreeMap<StageId, StageCount>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct StageCount {
    failed: u32,
    unreachable: u32,
    gates_failed: u32,
    refused: u32,
    budget_spent: bool,
}

impl Stats {
    /// Takes an event in.
    pub fn fold(&mut self, event: &EventKind) {
        match event {
            EventKind::TaskFinished { stage, result, .. } => {
                let count = self.stages.entry(*stage).or_default();
                match result {
                    TaskResult::Succeeded => self.succeeded += 1,
                    TaskResult::Cancelled => self.cancelled += 1,
                    TaskResult::Failed => {
                        self.failed += 1;
                        count.failed += 1;
                    }
                    TaskResult::Unreachable => {
                        self.unreachable += 1;
                        count.unreachable += 1;
                    }
                }
            }
            EventKind::TaskSkipped { .. } => self.skipped += 1,
            EventKind::ActionFinished {
                retry_in: Some(_), ..
            } => self.retried += 1,
            EventKind::BackgroundFinished { result, .. } if *result != TaskResult::Succeeded => {
                self.background_failed += 1;
            }
            EventKind::GateFinished { stage, errors, .. } if !is_cancelled(errors) => {
                self.gates_failed += 1;
                self.stages.entry(*stage).or_default().gates_failed += 1;
            }
            EventKind::StageRefused { stage, .. } => {
                self.refused += 1;
                self.stages.entry(*stage).or_default().refused += 1;
            }
            EventKind::ScheduleFailed { .. } => self.schedule_failed = true,
            EventKind::CancelStarted {
                reason: CancelReason::SecondSignal,
                ..
            } => {
                self.killed = true;
                self.cancel.get_or_insert(CancelReason::Interrupt);
            }
            EventKind::CancelStarted { reason, .. } => self.cancel = self.cancel.max(Some(*reason)),
            EventKind::StageFinished {
                stage,
                budget_spent,
                ..
            } => {
                self.stages.entry(*stage).or_default().budget_spent = *budget_spent;
                self.budget_spent |= *budget_spent;
            }
            EventKind::FailureAllowed { stage } => {
                let count = self.stages.remove(stage).unwrap_or_default();
                self.failed -= count.failed;
                self.unreachable -= count.unreachable;
                self.gates_failed -= count.gates_failed;
                self.refused -= count.refused;
                self.allowed +=
                    count.failed + count.unreachable + count.gates_failed + count.refused;
                self.budget_spent = self.stages.values().any(|count| count.budget_spent);
            }
            _ => {}
        }
    }

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

/// Whether nothing is wrong but that the run was cancelled.
fn is_cancelled(errors: &[ErrorReport]) -> bool {
    errors.iter().all(|error| error.kind == Kind::Cancelled)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::event::TaskId;

    fn finished(stage: u32, result: TaskResult) -> EventKind {
        EventKind::TaskFinished {
            stage: StageId(stage),
            task: TaskId(0),
            result,
            duration: Duration::ZERO,
        }
    }

    #[test]
    fn an_allowed_failure_does_not_count() {
        let mut stats = Stats::default();
        for event in [
            finished(1, TaskResult::Failed),
            finished(1, TaskResult::Unreachable),
            EventKind::StageFinished {
                stage: StageId(1),
                failed: 2,
                budget_spent: true,
            },
            finished(2, TaskResult::Succeeded),
        ] {
            stats.fold(&event);
        }
        assert!(!stats.is_ok());
        stats.fold(&EventKind::FailureAllowed { stage: StageId(1) });
        assert!(stats.is_ok());
        assert_eq!((stats.allowed, stats.failed, stats.succeeded), (2, 0, 1));
    }

    #[test]
    fn the_gravest_reason_stays() {
        let mut stats = Stats::default();
        for reason in [
            CancelReason::Terminate,
            CancelReason::SecondSignal,
            CancelReason::Interrupt,
        ] {
            stats.fold(&EventKind::CancelStarted {
                reason,
                running: 0,
                grace: Duration::ZERO,
            });
        }
        assert_eq!(
            (stats.cancel, stats.killed),
            (Some(CancelReason::Interrupt), true)
        );
    }
}
