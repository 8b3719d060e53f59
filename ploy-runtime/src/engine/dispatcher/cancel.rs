//! Telling what runs to end: the whole run, or what has run too long.

use std::time::Duration;

use super::dispatcher::Dispatcher;
use super::state::Phase;
use super::state::Role;
use super::state::Timer;
use super::state::{Late, abandoned, blame};
use crate::event::{ActionId, CancelReason, EventKind, SkipReason, StageId};
use crate::plan::NodeId;
use crate::shell::CancelLevel;

/// How long what runs has to end by itself when the run is cancelled.
const GRACE: Duration = Duration::from_secs(30);

/// How long an action has to end by itself when its time is up.
const GRACE_OF_LATE: Duration = Duration::from_secs(5);

/// How long what was killed has to be gone before it is no longer waited for. More than a shell's
/// own patience.
const KILL_TO_ABANDON: Duration = Duration::from_secs(4);

/// How long an abandoned action has to say so itself.
const ABANDON_TO_LOST: Duration = Duration::from_secs(1);

impl Dispatcher {
    pub(super) fn cancel(&mut self, reason: CancelReason) {
        // Any further signal means that the user's patience is over.
        let reason = if self.cancel.is_some() && reason != CancelReason::Requested {
            CancelReason::SecondSignal
        } else {
            reason
        };
        if self.cancel >= Some(reason) {
            return;
        }
        let first = self.cancel.is_none();
        self.cancel = Some(reason);
        let second = reason == CancelReason::SecondSignal;
        let grace = if second { Duration::ZERO } else { GRACE };
        let running = self
            .actions
            .values()
            .filter(|action| action.cancel.is_some())
            .count();
        self.emit(EventKind::CancelStarted {
            reason,
            running: u32::try_from(running).unwrap_or(u32::MAX),
            grace,
        });
        if first {
            self.skip_all();
        }
        let mut ids: Vec<ActionId> = self.actions.keys().copied().collect();
        ids.sort_unstable();
        for id in ids {
            self.cancel_action(id, second);
        }
        let spared = self
            .actions
            .iter()
            .filter(|(_, action)| action.is_critical && !second);
        self.table.cancel(spared.map(|(id, _)| *id).collect());
        self.note_waits();
        let limit = if second { KILL_TO_ABANDON } else { GRACE };
        self.set_timer(limit, Timer::Schedule);
        let stages: Vec<StageId> = self.stages.keys().copied().collect();
        for stage in stages {
            self.advance(stage);
        }
    }

    /// Gives up all tasks that have not started.
    fn skip_all(&mut self) {
        let stages: Vec<StageId> = self.stages.keys().copied().collect();
        for stage in stages {
            let Some(running) = self.stages.get_mut(&stage) else {
                continue;
            };
            running.slots.release();
            for node in running.waiting() {
                self.skip_task(stage, node, SkipReason::Cancelled);
            }
        }
    }

    fn cancel_action(&mut self, id: ActionId, second: bool) {
        let Some(action) = self.actions.get_mut(&id) else {
            return;
        };
        if action.cancel.is_none() {
            // It waits to be tried again, and will not be.
            let errors = std::mem::take(&mut action.errors);
            self.end_action(id, errors, None);
        } else if second {
            self.tell(id, CancelLevel::Kill, KILL_TO_ABANDON);
        } else if !action.is_critical {
            self.tell(id, CancelLevel::Term, GRACE);
        }
    }

    /// Tells an action to end, and sees to it that it is told more firmly after a while.
    fn tell(&mut self, id: ActionId, level: CancelLevel, patience: Duration) {
        let Some(action) = self.actions.get(&id) else {
            return;
        };
        if action.level() >= level {
            return;
        }
        if let Some(cancel) = &action.cancel {
            cancel.raise(level);
        }
        let attempt = action.attempt;
        self.set_timer(
            patience,
            Timer::Press {
                action: id,
                attempt,
                level,
            },
        );
    }

    /// Tells an action more firmly to end, which was told before and has not.
    pub(super) fn press(&mut self, id: ActionId, attempt: u32, level: CancelLevel) {
        let Some(action) = self.actions.get(&id) else {
            return;
        };
        // Meanwhile it may have been told more firmly, and have time for that.
        if action.attempt != attempt || action.cancel.is_none() || action.level() != level {
            return;
        }
        match level {
            CancelLevel::None => {}
            CancelLevel::Term => self.tell(id, CancelLevel::Kill, KILL_TO_ABANDON),
            CancelLevel::Kill => self.tell(id, CancelLevel::Abandon, ABANDON_TO_LOST),
            // It holds a thread, and does not hear anything.
            CancelLevel::Abandon => self.end_try(id, vec![abandoned()], Duration::ZERO),
        }
    }

    pub(super) fn time_out_action(&mut self, id: ActionId, attempt: u32) {
        let Some(action) = self.actions.get(&id) else {
            return;
        };
        let (stage, late): (StageId, fn(Duration) -> Late) = match action.role {
            Role::Task { stage, .. } => (stage, Late::Action),
            Role::Gate { stage, .. } => (stage, Late::Check),
            Role::Background { .. } => return,
        };
        let limit = self
            .stages
            .get(&stage)
            .and_then(|stage| stage.plan.options().timeout);
        if let Some(limit) = limit
            && action.attempt == attempt
            // Its try has not ended: it does not wait to be tried again.
            && action.cancel.is_some()
        {
            self.time_out(id, late(limit), limit);
        }
    }

    pub(super) fn time_out_task(&mut self, stage: StageId, node: NodeId) {
        let limit = self
            .stages
            .get(&stage)
            .and_then(|stage| stage.plan.options().task_timeout);
        let Some(limit) = limit else { return };
        let of_task = |role: &Role| matches!(role, Role::Task { stage: of, node: at, .. } if (*of, *at) == (stage, node));
        let mut ids: Vec<ActionId> = self
            .actions
            .iter()
            .filter(|(_, action)| of_task(&action.role))
            .map(|(id, _)| *id)
            .collect();
        ids.sort_unstable();
        for id in ids {
            self.time_out(id, Late::Task(limit), limit);
        }
    }

    pub(super) fn time_out(&mut self, id: ActionId, late: Late, limit: Duration) {
        let Some(action) = self.actions.get_mut(&id) else {
            return;
        };
        if action.cancel.is_none() {
            // It waits to be tried again, and there is no time for that.
            let errors = std::mem::take(&mut action.errors);
            self.end_action(id, blame(Some(late), errors), None);
            return;
        }
        if action.level() > CancelLevel::None {
            // It is ending already. That its task has no more time says that there is no further
            // try.
            if action.late.is_some() && matches!(late, Late::Task(_)) {
                action.late = Some(late);
            }
            return;
        }
        action.late = Some(late);
        self.emit(EventKind::TimedOut { action: id, limit });
        self.tell(id, CancelLevel::Term, GRACE_OF_LATE);
    }

    /// A cancelled schedule that does not end is waited for no longer than what it started.
    pub(super) fn abandon_schedule(&mut self) {
        if self.phase == Phase::Scheduling {
            self.phase = Phase::ScheduleAbandoned;
        }
    }
}
