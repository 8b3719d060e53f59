//! How each event changes what a run came to.

use super::{CancelReason, ErrorReport, EventKind, Stats, TaskResult};
use crate::error::Kind;

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
}

/// Whether nothing is wrong but that the run was cancelled.
fn is_cancelled(errors: &[ErrorReport]) -> bool {
    errors.iter().all(|error| error.kind == Kind::Cancelled)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::event::{StageId, TaskId};

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
