//! Actions that wait for each other, and the places that they give back meanwhile.

use std::time::Duration;

use tokio::sync::oneshot;

use super::actions::{Role, RunningAction};
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
        self.table.hear(number, || who, request);
        self.note_waits();
    }

    /// Gives the places of those back that have begun to wait.
    pub(super) fn note_waits(&mut self) {
        let changes: Vec<(u32, bool)> = self.table.take_changes().collect();
        let mut stages = Vec::new();
        for (number, waits) in changes {
            let Some(action) = self.actions.get_mut(&number) else {
                continue;
            };
            if !waits {
                self.reporting.emit(EventKind::Resumed { action: number });
                continue;
            }
            if let Some(wait) = self.table.wait_of(number) {
                self.reporting.emit(EventKind::Waiting {
                    action: number,
                    what: wait.what,
                    holder: wait.holder,
                });
            }
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
            // Who has a command that runs waits for that too.
            && self.actions.values().all(RunningAction::is_idle)
            && self.stages.values().all(|stage| stage.places.is_idle())
    }

    pub(super) fn break_deadlock(&mut self, epoch: u64) {
        if epoch != self.epoch || !self.is_at_a_standstill() {
            return;
        }
        let actions = self.table.break_deadlock();
        self.reporting.emit(EventKind::Deadlocked { actions });
        self.note_waits();
    }
}
