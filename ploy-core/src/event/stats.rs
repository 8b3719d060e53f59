use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{CancelReason, EventKind, Fault, TaskResult};
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
    stages: BTreeMap<u32, StageCount>,
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
            EventKind::ActionFinished { retry: Some(_), .. } => self.retried += 1,
            EventKind::BackgroundFinished { result, .. } if *result != TaskResult::Succeeded => {
                self.background_failed += 1;
            }
            EventKind::GateEnded { stage, faults, .. } if !is_cancelled(faults) => {
                self.gates_failed += 1;
                self.stages.entry(*stage).or_default().gates_failed += 1;
            }
            EventKind::StageRefused { stage, .. } => {
                self.refused += 1;
                self.stages.entry(*stage).or_default().refused += 1;
            }
            EventKind::ScheduleFailed { .. } => self.schedule_failed = true,
            EventKind::CancelBegan {
                reason: CancelReason::Second,
                ..
            } => {
                self.killed = true;
                self.cancel.get_or_insert(CancelReason::Interrupt);
            }
            EventKind::CancelBegan { reason, .. } => self.cancel = self.cancel.max(Some(*reason)),
            EventKind::StageEnded {
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
fn is_cancelled(faults: &[Fault]) -> bool {
    faults.iter().all(|fault| fault.kind == Kind::Cancelled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished(stage: u32, result: TaskResult) -> EventKind {
        EventKind::TaskFinished {
            stage,
            task: 0,
            result,
            duration: 0,
        }
    }

    #[test]
    fn an_allowed_failure_does_not_count() {
        let mut stats = Stats::default();
        for event in [
            finished(1, TaskResult::Failed),
            finished(1, TaskResult::Unreachable),
            EventKind::StageEnded {
                stage: 1,
                failed: 2,
                budget_spent: true,
            },
            finished(2, TaskResult::Succeeded),
        ] {
            stats.fold(&event);
        }
        assert!(!stats.is_ok());
        stats.fold(&EventKind::FailureAllowed { stage: 1 });
        assert!(stats.is_ok());
        assert_eq!((stats.allowed, stats.failed, stats.succeeded), (2, 0, 1));
    }

    #[test]
    fn the_gravest_reason_stays() {
        let mut stats = Stats::default();
        for reason in [
            CancelReason::Terminate,
            CancelReason::Second,
            CancelReason::Interrupt,
        ] {
            stats.fold(&EventKind::CancelBegan {
                reason,
                running: 0,
                grace: 0,
            });
        }
        assert_eq!(
            (stats.cancel, stats.killed),
            (Some(CancelReason::Interrupt), true)
        );
    }
}
