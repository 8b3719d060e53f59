//! The ends of actions, of what is done at gates, and of work in the background.

use std::time::Duration;

use super::actions::{Role, blame};
use super::dispatcher::Dispatcher;
use super::timers::Timer;
use super::verdict::result;
use crate::event::{ErrorReport, EventKind};

impl Dispatcher {
    /// Takes the end of a try of an action in, or of something else that has such a number.
    pub(super) fn end_try(&mut self, number: u32, faults: Vec<ErrorReport>, duration: Duration) {
        let Some(running) = self.actions.get_mut(&number) else {
            return;
        };
        let faults = blame(running.late, faults);
        for event in running.end_commands(number) {
            self.reporting.emit(event);
        }
        self.table.end_action(number);
        self.note_waits();
        match self.pause_before_retry(number, &faults) {
            Some(pause) => {
                self.reporting.emit(EventKind::ActionFinished {
                    action: number.into(),
                    errors: faults.clone(),
                    duration,
                    retry_in: Some(pause),
                });
                if let Some(running) = self.actions.get_mut(&number) {
                    running.cancel = None;
                    running.late = None;
                    let waits = std::mem::take(&mut running.waits);
                    running.faults = faults;
                    let attempt = running.attempt;
                    // A wait that it dropped may have cost it its place, and it is no longer one of those who wait.
                    if waits
                        && let Role::Task { stage, node, .. } = &running.role
                        && let Some(stage) = self.stages.get_mut(stage)
                    {
                        stage.go_on(*node);
                    }
                    let timer = Timer::Retry {
                        action: number,
                        attempt,
                    };
                    self.timers.set(pause, timer);
                }
            }
            None => self.end_action(number, faults, Some(duration)),
        }
    }

    /// Ends an action for good. One that waited to be tried again (no `duration`) has told the end of its last try.
    pub(super) fn end_action(
        &mut self,
        number: u32,
        faults: Vec<ErrorReport>,
        duration: Option<Duration>,
    ) {
        let Some(running) = self.actions.remove(&number) else {
            return;
        };
        match running.role {
            Role::Task {
                stage, node, name, ..
            } => {
                let faults_told = faults.clone();
                self.reporting.emit(match duration {
                    Some(duration) => EventKind::ActionFinished {
                        action: number.into(),
                        errors: faults_told,
                        duration,
                        retry_in: None,
                    },
                    None => EventKind::RetryAbandoned {
                        action: number.into(),
                        errors: faults_told,
                    },
                });
                let ended = self
                    .stages
                    .get_mut(&stage)
                    .and_then(|stage| stage.finish_action(node, &name, &faults, running.waits));
                match ended {
                    Some((result, duration)) => self.end_task(stage, node, result, duration),
                    // Those that still run may all wait, so that there is a place.
                    None => self.advance(stage),
                }
            }
            Role::Gate { stage, node, group } => {
                if let Some(running) = self.stages.get_mut(&stage) {
                    running.finish_gate(node, &faults);
                }
                self.reporting.emit(EventKind::GateFinished {
                    stage: stage.into(),
                    group: group.into(),
                    action: number.into(),
                    errors: faults,
                    duration: duration.unwrap_or_default(),
                });
                self.advance(stage);
            }
            Role::Background { .. } => self.reporting.emit(EventKind::BackgroundFinished {
                action: number.into(),
                result: result(&faults),
                errors: faults,
                duration: duration.unwrap_or_default(),
            }),
        }
    }
}
