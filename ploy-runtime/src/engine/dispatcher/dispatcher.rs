//! The dispatcher: all state of a run, and what follows from what it hears.
//!
//! It does no input or output, spawns nothing, and looks at no clock. It is told what has happened
//! and when, and answers with [`Effect`]s, which the driver carries out in their order. So every
//! rule of a run can be tried without a process, a network, or a moment's waiting.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;

use super::effect::Effect;
use super::message::Message;
use super::state::Actions;
use super::state::Phase;
use super::state::Settled;
use super::state::SiteOutcomeSender;
use super::state::{RunningStage, StageStep};
use super::state::{Timer, Timers};
use crate::catalogue::Amount;
use crate::engine::Catalogue;
use crate::event::{ActionId, BatchId, CancelReason, EventKind, SkipReason, StageId};
use crate::plan::Plan;
use crate::sync::Table;

/// Effects, to be carried out in this order.
pub(in crate::engine) type Effects<'a> = std::vec::Drain<'a, Effect>;

/// All state of a run. It alone decides what starts, and which events there are.
pub(in crate::engine) struct Dispatcher {
    pub(super) batch: BatchId,
    pub(super) catalogue: Arc<Catalogue>,
    /// What has been decided and not been handed to the driver.
    effects: Vec<Effect>,
    /// The time of what is being heard.
    pub(super) now: Instant,
    pub(super) stages: BTreeMap<StageId, RunningStage>,
    pub(super) actions: Actions,
    last_action: u32,
    pub(super) table: Table,
    timers: Timers,
    pub(super) cancel: Option<CancelReason>,
    pub(super) phase: Phase,
    /// Grows with all that happens, so that a standstill can be told.
    pub(super) epoch: u64,
    pub(super) background_grace: Duration,
    /// Varies the pauses before tries, so that many sites do not try again at one moment.
    pub(super) jitter: fastrand::Rng,
    /// How many tasks of the whole run may fail.
    budget: Option<u32>,
    /// How many tasks of each stage have failed, unless that is allowed.
    failures: BTreeMap<StageId, u32>,
    steps: Vec<StageStep>,
}

/// What a run is given that its dispatcher heeds.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct DispatcherOptions {
    /// How many tasks of the whole run may fail.
    pub(in crate::engine) max_fail: Option<Amount>,
    /// How long the end of the run waits for work in the background.
    pub(in crate::engine) background_grace: Duration,
    /// Where random numbers begin.
    pub(in crate::engine) seed: u64,
}

impl Dispatcher {
    pub(in crate::engine) fn new(
        batch: BatchId,
        catalogue: Arc<Catalogue>,
        options: DispatcherOptions,
        now: Instant,
    ) -> Self {
        Dispatcher {
            batch,
            catalogue,
            effects: Vec::new(),
            now,
            stages: BTreeMap::new(),
            actions: Actions::new(),
            last_action: 0,
            table: Table::default(),
            timers: Timers::default(),
            cancel: None,
            phase: Phase::Scheduling,
            epoch: 0,
            background_grace: options.background_grace,
            jitter: fastrand::Rng::with_seed(options.seed),
            // A share is one of a stage's tasks: how many the run will have is not known.
            budget: match options.max_fail {
                Some(Amount::Count(most)) => Some(most),
                Some(Amount::Percent(_)) | None => None,
            },
            failures: BTreeMap::new(),
            steps: Vec::new(),
        }
    }

    /// Begins the run.
    #[must_use = "the driver carries effects out"]
    pub(in crate::engine) fn begin(&mut self) -> Effects<'_> {
        self.emit(EventKind::RunStarted {
            schema_version: EventKind::SCHEMA_VERSION,
            ploy_version: env!("CARGO_PKG_VERSION").to_owned(),
            batch: self.batch.clone(),
        });
        self.effects.drain(..)
    }

    /// Hears what has happened.
    #[must_use = "the driver carries effects out"]
    pub(in crate::engine) fn hear(&mut self, now: Instant, message: Message) -> Effects<'_> {
        self.now = now;
        self.epoch += 1;
        self.take_in(message);
        self.effects.drain(..)
    }

    /// Does what is due by now.
    #[must_use = "the driver carries effects out"]
    pub(in crate::engine) fn ring(&mut self, now: Instant) -> Effects<'_> {
        self.now = now;
        while let Some(timer) = self.timers.pop(now) {
            match timer {
                Timer::Action { action, attempt } => self.time_out_action(action, attempt),
                Timer::Task { stage, node } => self.time_out_task(stage, node),
                Timer::Press {
                    action,
                    attempt,
                    level,
                } => self.press(action, attempt, level),
                Timer::Retry { action, attempt } => self.try_again(action, attempt),
                Timer::Stalled { epoch } => self.break_deadlock(epoch),
                Timer::Background => self.time_out_background(),
                Timer::Schedule => self.abandon_schedule(),
            }
        }
        self.effects.drain(..)
    }

    /// Looks for what no single message tells: that only background work is left, or that all wait
    /// for each other. To be called when there is nothing more to hear at the moment.
    #[must_use = "the driver carries effects out"]
    pub(in crate::engine) fn look_around(&mut self, now: Instant) -> Effects<'_> {
        self.now = now;
        self.await_background();
        self.watch_for_deadlock();
        self.effects.drain(..)
    }

    /// The next moment at which something is due.
    pub(in crate::engine) fn next_timer(&self) -> Option<Instant> {
        self.timers.next()
    }

    /// Whether the run is over: nothing runs, and nothing will.
    pub(in crate::engine) fn is_over(&self) -> bool {
        self.phase.is_schedule_over() && self.stages.is_empty() && self.actions.is_empty()
    }

    /// Why the run is being cancelled, if it is.
    pub(in crate::engine) fn cancel_reason(&self) -> Option<CancelReason> {
        self.cancel
    }

    pub(super) fn emit(&mut self, event: EventKind) {
        self.effects.push(Effect::Emit(event));
    }

    pub(super) fn decide(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub(super) fn set_timer(&mut self, after: Duration, timer: Timer) {
        self.timers.set(self.now, after, timer);
    }

    pub(super) fn next_action(&mut self) -> ActionId {
        self.last_action += 1;
        ActionId(self.last_action)
    }

    fn take_in(&mut self, message: Message) {
        match message {
            Message::Stage {
                stage,
                plan,
                in_spite_of_failures,
                sites,
                reply,
            } => self.begin_stage(stage, plan, in_spite_of_failures, sites, reply),
            Message::Refused { stage, error } => {
                self.emit(EventKind::StageRefused { stage, error });
            }
            Message::Finished {
                action,
                errors,
                duration,
            } => self.end_try(action, errors, duration),
            Message::Background { parent, background } => self.start_background(parent, background),
            Message::Sync { action, request } => self.hear_request(action, request),
            Message::Resume { action, reply } => self.resume(action, reply),
            Message::Emit(event) => {
                // What a job left behind (a task that it spawned, say) is not heard any more.
                if let Some(emitter) = event.emitting_action() {
                    match self.actions.get_mut(&emitter) {
                        Some(action) if action.cancel.is_some() => action.note(&event),
                        _ => return,
                    }
                }
                self.emit(event);
            }
            Message::Output { event, taken } => {
                let emitter = event
                    .emitting_action()
                    .and_then(|emitter| self.actions.get(&emitter));
                if emitter.is_some_and(|action| action.cancel.is_some()) {
                    self.decide(Effect::ShowOutput { event, taken });
                }
            }
            Message::Allow { stage } => {
                self.failures.remove(&stage);
                self.emit(EventKind::FailureAllowed { stage });
            }
            Message::Cancel(reason) => self.cancel(reason),
            Message::Over { error } => {
                if self.phase == Phase::Scheduling {
                    self.phase = Phase::ScheduleOver;
                }
                if let Some(error) = error {
                    self.emit(EventKind::ScheduleFailed { error });
                }
            }
        }
    }

    fn begin_stage(
        &mut self,
        stage: StageId,
        plan: Arc<Plan>,
        in_spite_of_failures: bool,
        sites: Option<SiteOutcomeSender>,
        reply: oneshot::Sender<Settled>,
    ) {
        let mut running = RunningStage::new(stage, plan, in_spite_of_failures, sites, reply);
        if self.cancel.is_some() {
            // Nothing starts any more; whoever asked is told that nothing ran.
            for node in running.waiting() {
                running.skip(node, SkipReason::Cancelled);
            }
            running.settle();
            return;
        }
        if self.is_budget_spent() {
            running.hear_of_spent_budget();
        }
        self.emit(running.began());
        self.stages.insert(stage, running);
        self.advance(stage);
    }

    /// Does what can be done in a stage now, and ends the stage if nothing is left.
    pub(super) fn advance(&mut self, stage: StageId) {
        let mut steps = std::mem::take(&mut self.steps);
        if self.cancel.is_none()
            && let Some(running) = self.stages.get_mut(&stage)
        {
            running.advance(&mut steps);
        }
        for step in steps.drain(..) {
            match step {
                StageStep::Start(node, task) => self.start_task(stage, node, task),
                StageStep::Gate(node, group) => self.begin_gate(stage, node, group),
                StageStep::Skip(node, reason) => self.skip_task(stage, node, reason),
            }
        }
        self.steps = steps;
        let cancelled = self.cancel.is_some();
        if self
            .stages
            .get(&stage)
            .is_some_and(|running| running.is_over(cancelled))
        {
            self.end_stage(stage);
        }
    }

    pub(super) fn end_stage(&mut self, stage: StageId) {
        if let Some(mut running) = self.stages.remove(&stage) {
            self.emit(running.ended());
            running.settle();
        }
    }

    /// Counts a failed task of any stage.
    pub(super) fn count_failure(&mut self, stage: StageId) {
        *self.failures.entry(stage).or_default() += 1;
        if self.is_budget_spent() {
            let stages: Vec<StageId> = self.stages.keys().copied().collect();
            for stage in stages {
                if let Some(running) = self.stages.get_mut(&stage) {
                    running.hear_of_spent_budget();
                }
            }
        }
    }

    fn is_budget_spent(&self) -> bool {
        self.budget
            .is_some_and(|budget| self.failures.values().sum::<u32>() > budget)
    }
}
