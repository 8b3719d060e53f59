//! Work that outlives its task.

use super::dispatcher::Dispatcher;
use super::effect::{ActionStart, Effect, Work};
use super::state::Late;
use super::state::Phase;
use super::state::Timer;
use super::state::{Role, RunningAction};
use crate::action::Background;
use crate::event::{ActionId, EventKind};
use crate::shell::{CancelLevel, cancel_channel};

impl Dispatcher {
    /// Starts work in the background, unless nothing starts any more. What an action asked for that
    /// has ended meanwhile is started all the same.
    pub(super) fn start_background(&mut self, parent: ActionId, background: Background) {
        let told_to_end = |action: &RunningAction| action.level() > CancelLevel::None;
        if self.cancel.is_some()
            || self.phase == Phase::BackgroundOver
            || self.actions.get(&parent).is_some_and(told_to_end)
        {
            return;
        }
        let Background {
            name,
            mut place,
            start,
        } = background;
        let id = self.next_action();
        place.id.action = id;
        place.id.attempt = 1;
        let (job, site) = place.numbers;
        self.emit(EventKind::BackgroundStarted {
            action: id,
            parent,
            stage: place.id.stage.stage,
            job: job.into(),
            site: site.into(),
            name: name.clone(),
        });
        let label = format!("{name} of {} on {}", place.job, place.site.name());
        let (sender, cancel) = cancel_channel();
        let running = RunningAction::new(Role::Background { label }, sender, false);
        let parts = running.parts.clone();
        self.actions.insert(id, running);
        self.decide(Effect::StartAction(ActionStart {
            place,
            cancel,
            last_command: None,
            parts,
            work: Work::Background(start),
            declared_at: None,
        }));
    }

    /// Once nothing else is left, work in the background gets its last time.
    pub(super) fn await_background(&mut self) {
        let is_last = self.stages.is_empty() && !self.actions.is_empty();
        if self.phase != Phase::ScheduleOver || !is_last {
            return;
        }
        self.phase = Phase::AwaitingBackground;
        self.emit(EventKind::BackgroundAwaited {
            running: u32::try_from(self.actions.len()).unwrap_or(u32::MAX),
            grace: self.background_grace,
        });
        self.set_timer(self.background_grace, Timer::Background);
    }

    /// Work in the background that has not ended in time is told to.
    pub(super) fn time_out_background(&mut self) {
        self.phase = Phase::BackgroundOver;
        let mut ids: Vec<ActionId> = self
            .actions
            .iter()
            .filter(|(_, action)| matches!(action.role, Role::Background { .. }))
            .map(|(id, _)| *id)
            .collect();
        ids.sort_unstable();
        for id in ids {
            self.time_out(
                id,
                Late::Background(self.background_grace),
                self.background_grace,
            );
        }
    }
}
