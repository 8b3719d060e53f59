//! Ending tasks and their actions, what is done at gates, and work in the background.

use std::time::Duration;

use super::dispatcher::Dispatcher;
use super::state::Role;
use super::state::Timer;
use super::state::blame;
use super::state::result;
use crate::event::{ActionId, ErrorReport, EventKind, SkipReason, StageId, TaskResult};
use crate::plan::NodeId;
use crate::sync::Scope;

impl Dispatcher {
    /// Takes the end of a try of an action in, or of something else that has such a id.
    pub(super) fn end_try(&mut self, id: ActionId, errors: Vec<ErrorReport>, duration: Duration) {
        let Some(running) = self.actions.get_mut(&id) else {
            return;
        };
        let errors = blame(running.late, errors);
        for event in running.end_commands(id) {
            self.emit(event);
        }
        self.table.end_action(id);
        self.note_waits();
        match self.pause_before_retry(id, &errors) {
            Some(pause) => {
                self.emit(EventKind::ActionFinished {
                    action: id,
                    errors: errors.clone(),
                    duration,
                    retry_in: Some(pause),
                });
                if let Some(running) = self.actions.get_mut(&id) {
                    running.cancel = None;
                    running.late = None;
                    let was_waiting = std::mem::take(&mut running.is_waiting);
                    running.errors = errors;
                    let attempt = running.attempt;
                    // A wait that it dropped may have cost it its place, and it is no longer one of
                    // those who wait.
                    if was_waiting
                        && let Role::Task { stage, node, .. } = &running.role
                        && let Some(stage) = self.stages.get_mut(stage)
                    {
                        stage.go_on(*node);
                    }
                    let timer = Timer::Retry {
                        action: id,
                        attempt,
                    };
                    self.set_timer(pause, timer);
                }
            }
            None => self.end_action(id, errors, Some(duration)),
        }
    }

    /// Ends an action for good. One that waited to be tried again (no `duration`) has told the end
    /// of its last try.
    pub(super) fn end_action(
        &mut self,
        id: ActionId,
        errors: Vec<ErrorReport>,
        duration: Option<Duration>,
    ) {
        let Some(running) = self.actions.remove(&id) else {
            return;
        };
        match running.role {
            Role::Task {
                stage, node, name, ..
            } => {
                let errors_told = errors.clone();
                self.emit(match duration {
                    Some(duration) => EventKind::ActionFinished {
                        action: id,
                        errors: errors_told,
                        duration,
                        retry_in: None,
                    },
                    None => EventKind::RetryAbandoned {
                        action: id,
                        errors: errors_told,
                    },
                });
                let now = self.now;
                let ended = self.stages.get_mut(&stage).and_then(|stage| {
                    stage.finish_action(node, &name, &errors, running.is_waiting, now)
                });
                match ended {
                    Some((result, duration)) => self.end_task(stage, node, result, duration),
                    // Those that still run may all wait, so that there is a place.
                    None => self.advance(stage),
                }
            }
            Role::Gate { stage, node, group } => {
                if let Some(running) = self.stages.get_mut(&stage) {
                    running.finish_gate(node, &errors);
                }
                self.emit(EventKind::GateFinished {
                    stage,
                    group: group.into(),
                    action: id,
                    errors,
                    duration: duration.unwrap_or_default(),
                });
                self.advance(stage);
            }
            Role::Background { .. } => self.emit(EventKind::BackgroundFinished {
                action: id,
                result: result(&errors),
                errors,
                duration: duration.unwrap_or_default(),
            }),
        }
    }

    /// Tells how a task ended, and does what can be done now.
    pub(super) fn end_task(
        &mut self,
        stage: StageId,
        node: NodeId,
        result: TaskResult,
        duration: Duration,
    ) {
        self.emit(EventKind::TaskFinished {
            stage,
            task: node.into(),
            result,
            duration,
        });
        self.leave_barriers(stage, node);
        if result != TaskResult::Succeeded && result != TaskResult::Cancelled {
            self.count_failure(stage);
        }
        self.advance(stage);
    }

    pub(super) fn skip_task(&mut self, stage: StageId, node: NodeId, reason: SkipReason) {
        let Some(running) = self.stages.get_mut(&stage) else {
            return;
        };
        if let Some(event) = running.skip(node, reason) {
            self.emit(event);
            self.leave_barriers(stage, node);
        }
    }

    /// A task that has ended comes to no barrier any more.
    fn leave_barriers(&mut self, stage: StageId, node: NodeId) {
        if self.table.has_no_barrier() {
            return;
        }
        if let Some(scope) = self.scope(stage, node) {
            self.table.end_task(
                scope.stage,
                scope.job,
                scope.group,
                scope.task,
                scope.width_open,
            );
            self.note_waits();
        }
    }

    /// Where a task meets others at a barrier.
    pub(super) fn scope(&self, stage: StageId, node: NodeId) -> Option<Scope> {
        let running = self.stages.get(&stage)?;
        let task = running.plan.task(node)?;
        Some(Scope {
            stage,
            job: task.job,
            group: running.plan.group(task.site),
            task: node,
            width: running.width_beside(task),
            width_open: running.open_beside(task),
            exclusive: running.plan.mode().is_exclusive(),
        })
    }
}
