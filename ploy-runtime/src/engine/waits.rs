//! Actions that wait for each other, and the places that they give back meanwhile.

use std::time::Duration;

use tokio::sync::oneshot;

use super::actions::Role;
use super::dispatcher::Dispatcher;
use super::places::Returning;
use super::timers::Timer;
use crate::event::EventKind;
use crate::sync::{Request, Who};

/// How long all that runs must have waited for each other to be a deadlock. An action may wait for something else
/// besides, such as a moment of its own, and is then heard of again.
const STANDSTILL: Duration = Duration::from_secs(5);

impl Dispatcher {
    pub(super) fn hear_request(&mut self, number: u32, request: Request) {
        let who = self
            .actions
            .get(&number)
            .filter(|action| action.cancel.is_some())
            .map(|action| {
                let scope = match &action.role {
                    Role::Task { stage, node, .. } => self.scope(*stage, *node),
                    Role::Gate { .. } | Role::Background { .. } => None,
                };
                Who {
                    label: action.label(),
                    scope,
                }
            });
        let withdraws = request.is_withdrawal();
        self.table.hear(number, || who, request);
        self.note_waits();
        if withdraws {
            self.go_on(number);
        }
    }

    /// An action that has dropped its last wait goes on without asking.
    fn go_on(&mut self, number: u32) {
        if self.table.is_waiting(number) {
            return;
        }
        if let Some(action) = self.actions.get_mut(&number)
            && let Role::Task { stage, node, .. } = &action.role
            && std::mem::take(&mut action.waits)
            && let Some(running) = self.stages.get_mut(stage)
        {
            running.go_on(*node);
        }
    }

    /// Tells who began to wait and who waits no longer, and gives the places of those back that wait.
    pub(super) fn note_waits(&mut self) {
        for (number, waits) in self.table.take_changes() {
            if !waits && self.actions.contains_key(&number) {
                self.reporting.emit(EventKind::WaitFinished {
                    action: number.into(),
                });
            }
        }
        let mut stages = Vec::new();
        for joined in self.table.take_joined() {
            let number = joined.action;
            let Some(action) = self.actions.get_mut(&number) else {
                continue;
            };
            if joined.is_first {
                self.reporting.emit(EventKind::WaitStarted {
                    action: number.into(),
                    target: joined.what,
                    holder: joined.holder.map(Into::into),
                });
            }
            // Also one that waits already may have its place: it has gone on with another part meanwhile.
            if let Role::Task { stage, node, .. } = &action.role
                && !action.waits
                && let Some(running) = self.stages.get_mut(stage)
            {
                action.waits = true;
                running.park(*node);
                stages.push(*stage);
            }
        }
        for stage in stages {
            self.advance(stage);
        }
    }

    /// An action has what it waited for, and wants its place back.
    pub(super) fn resume(&mut self, number: u32, reply: oneshot::Sender<()>) {
        // A reply that is dropped lets it go on too.
        let Some(action) = self.actions.get_mut(&number) else {
            return;
        };
        let Role::Task { stage, node, .. } = &action.role else {
            return;
        };
        if !std::mem::take(&mut action.waits) || self.cancel.is_some() {
            return;
        }
        let (stage, node) = (*stage, *node);
        let Some(running) = self.stages.get_mut(&stage) else {
            return;
        };
        if running.unpark(node) {
            return;
        }
        let site = running.plan.task(node).map_or(0, |task| task.site);
        running.places.want_back(Returning { node, site, reply });
    }

    /// If all that runs waits for each other, and nothing else can start, the time begins after which that is told.
    pub(super) fn watch_for_deadlock(&mut self) {
        if self.is_at_a_standstill() {
            let epoch = self.epoch;
            self.timers.set(STANDSTILL, Timer::Stalled { epoch });
        }
    }

    fn is_at_a_standstill(&self) -> bool {
        !self.actions.is_empty()
            && self.cancel.is_none()
            && self.table.waiting() == self.actions.len()
            // Who has something else that goes on waits for that too.
            && self.actions.iter().all(|(number, action)| action.is_idle(self.table.open_waits(*number)))
            && self.stages.values().all(|stage| stage.places.is_idle())
    }

    pub(super) fn break_deadlock(&mut self, epoch: u64) {
        if epoch != self.epoch || !self.is_at_a_standstill() {
            return;
        }
        let actions = self.table.break_deadlock();
        let actions = actions.into_iter().map(Into::into).collect();
        self.reporting.emit(EventKind::Deadlocked { actions });
        self.note_waits();
    }
}
