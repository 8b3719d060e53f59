//! Work that outlives its task.

use super::actions::{Late, Role, RunningAction};
use super::dispatcher::Dispatcher;
use super::executor::{self, Order, Work};
use super::timers::Timer;
use crate::action::{Background, Cx};
use crate::event::EventKind;
use crate::shell::{CancelLevel, cancel_channel};

impl Dispatcher {
    /// Starts work in the background, unless nothing starts any more. What an action asked for that has ended meanwhile
    /// is started all the same.
    pub(super) fn start_background(&mut self, parent: u32, background: Background) {
        let told_to_end = |action: &RunningAction| action.level() > CancelLevel::None;
        if self.cancel.is_some()
            || self.background_over
            || self.actions.get(&parent).is_some_and(told_to_end)
        {
            return;
        }
        let Background {
            name,
            mut place,
            start,
        } = background;
        let number = self.next_action();
        place.id.action = number.into();
        place.id.attempt = 1;
        let (job, site) = place.numbers;
        self.reporting.emit(EventKind::BackgroundStarted {
            action: number.into(),
            parent: parent.into(),
            stage: place.id.stage.stage,
            job: job.into(),
            site: site.into(),
            name: name.clone(),
        });
        let label = format!("{name} of {} on {}", place.job, place.site.name());
        let (sender, cancel) = cancel_channel();
        let cx = Cx::new(place, self.context.clone(), cancel.clone(), 0);
        let mut running = RunningAction::new(Role::Background { label }, sender, false);
        running.parts = cx.parts();
        self.actions.insert(number, running);
        let order = Order {
            cx,
            cancel,
            work: Work::Background(start),
            declared_at: None,
        };
        tokio::spawn(executor::execute(self.context.clone(), order));
    }

    /// Once nothing else is left, work in the background gets its last time.
    pub(super) fn await_background(&mut self) {
        if !self.over || self.awaiting || !self.stages.is_empty() || self.actions.is_empty() {
            return;
        }
        self.awaiting = true;
        self.reporting.emit(EventKind::BackgroundAwaited {
            running: u32::try_from(self.actions.len()).unwrap_or(u32::MAX),
            grace: self.background_grace,
        });
        self.timers.set(self.background_grace, Timer::Background);
    }

    /// Work in the background that has not ended in time is told to.
    pub(super) fn time_out_background(&mut self) {
        self.background_over = true;
        let mut numbers: Vec<u32> = self
            .actions
            .iter()
            .filter(|(_, action)| matches!(action.role, Role::Background { .. }))
            .map(|(number, _)| *number)
            .collect();
        numbers.sort_unstable();
        for number in numbers {
            self.time_out(
                number,
                Late::Background(self.background_grace),
                self.background_grace,
            );
        }
    }
}
