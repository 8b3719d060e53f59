//! Actions that wait for each other, and the places that they give back meanwhile.

use std::time::Duration;

use tokio::sync::oneshot;

use super::dispatcher::Dispatcher;
use super::state::ReturningTask;
use super::state::Role;
use super::state::Timer;
use crate::event::{ActionId, EventKind};
use crate::sync::{Request, Requester};

/// How long all that runs must have waited for each other to be a deadlock. An action may wait for
/// something else besides, such as a moment of its own, and is then heard of again.
const STANDSTILL: Duration = Duration::from_secs(5);

impl Dispatcher {
    pub(super) fn hear_request(&mut self, id: ActionId, request: Request) {
        let who = self
            .actions
            .get(&id)
            .filter(|action| action.cancel.is_some())
            .map(|action| {
                let scope = match &action.role {
                    Role::Task { stage, node, .. } => self.scope(*stage, *node),
                    Role::Gate { .. } | Role::Background { .. } => None,
                };
                Requester {
                    label: action.label(),
                    scope,
                }
            });
        let withdraws = request.is_withdrawal();
        self.table.hear(id, || who, request);
        self.note_waits();
        if withdraws {
            self.go_on(id);
        }
    }

    /// An action that has dropped its last wait goes on without asking.
    fn go_on(&mut self, id: ActionId) {
        if self.table.is_waiting(id) {
            return;
        }
        if let Some(action) = self.actions.get_mut(&id)
            && let Role::Task { stage, node, .. } = &action.role
            && std::mem::take(&mut action.is_waiting)
            && let Some(running) = self.stages.get_mut(stage)
        {
            running.go_on(*node);
        }
    }

    /// Tells who began to wait and who waits no longer, and gives the places of those back that
    /// wait.
    pub(super) fn note_waits(&mut self) {
        for (id, waits) in self.table.take_changes() {
            if !waits && self.actions.contains_key(&id) {
                self.emit(EventKind::WaitFinished { action: id });
            }
        }
        let mut stages = Vec::new();
        for joined in self.table.take_joined() {
            let id = joined.action;
            if !self.actions.contains_key(&id) {
                continue;
            }
            if joined.is_first {
                self.emit(EventKind::WaitStarted {
                    action: id,
                    target: joined.what,
                    holder: joined.holder,
                });
            }
            // Also one that waits already may have its place: it has gone on with another part
            // meanwhile.
            if let Some(action) = self.actions.get_mut(&id)
                && let Role::Task { stage, node, .. } = &action.role
                && !action.is_waiting
                && let Some(running) = self.stages.get_mut(stage)
            {
                action.is_waiting = true;
                running.begin_wait(*node);
                stages.push(*stage);
            }
        }
        for stage in stages {
            self.advance(stage);
        }
    }

    /// An action has what it waited for, and wants its place back.
    pub(super) fn resume(&mut self, id: ActionId, reply: oneshot::Sender<()>) {
        // A reply that is dropped lets it go on too.
        let Some(action) = self.actions.get_mut(&id) else {
            return;
        };
        let Role::Task { stage, node, .. } = &action.role else {
            return;
        };
        if !std::mem::take(&mut action.is_waiting) || self.cancel.is_some() {
            return;
        }
        let (stage, node) = (*stage, *node);
        let Some(running) = self.stages.get_mut(&stage) else {
            return;
        };
        if running.end_wait(node) {
            return;
        }
        let site = running.plan.task(node).map_or(0, |task| task.site);
        running.slots.want_back(ReturningTask { node, site, reply });
    }

    /// If all that runs waits for each other, and nothing else can start, the time begins after
    /// which that is told.
    pub(super) fn watch_for_deadlock(&mut self) {
        if self.is_at_a_standstill() {
            let epoch = self.epoch;
            self.set_timer(STANDSTILL, Timer::Stalled { epoch });
        }
    }

    fn is_at_a_standstill(&self) -> bool {
        !self.actions.is_empty()
            && self.cancel.is_none()
            && self.table.waiting() == self.actions.len()
            // Who has something else that goes on waits for that too.
            && self.actions.iter().all(|(id, action)| action.is_idle(self.table.open_waits(*id)))
            && self.stages.values().all(|stage| stage.slots.is_idle())
    }

    pub(super) fn break_deadlock(&mut self, epoch: u64) {
        if epoch != self.epoch || !self.is_at_a_standstill() {
            return;
        }
        let actions = self.table.break_deadlock();
        self.emit(EventKind::Deadlocked { actions });
        self.note_waits();
    }
}
