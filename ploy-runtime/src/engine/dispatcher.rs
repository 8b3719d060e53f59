use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::actions::Actions;
use super::context::Context;
use super::message::Message;
use super::outcome::Settled;
use super::reporting::Reporting;
use super::stage::{RunningStage, SiteLine, Todo};
use super::timers::{Timer, Timers};
use crate::catalogue::Amount;
use crate::event::{CancelReason, EventKind, SkipReason, Stats};
use crate::plan::Plan;
use crate::sync::Table;

/// How long a cancelled run may take to show what has happened.
const SHOW: Duration = Duration::from_secs(5);
const SHOW_AFTER_KILL: Duration = Duration::from_secs(1);

/// How many messages are heard before the clock is looked at.
const BATCH: usize = 64;

/// Owns all state of a run and is the only writer of its events. Hears everything, decides what starts.
pub(super) struct Dispatcher {
    pub(super) context: Arc<Context>,
    pub(super) reporting: Reporting,
    pub(super) stages: BTreeMap<u32, RunningStage>,
    pub(super) actions: Actions,
    pub(super) next_action: u32,
    pub(super) table: Table,
    pub(super) timers: Timers,
    pub(super) cancel: Option<CancelReason>,
    /// Grows with all that happens, so that a standstill can be told.
    pub(super) epoch: u64,
    pub(super) background_grace: Duration,
    /// How many tasks of the whole run may fail.
    budget: Option<u32>,
    /// How many tasks of each stage have failed, unless that is allowed.
    failures: BTreeMap<u32, u32>,
    pub(super) over: bool,
    /// Whether the end of background work is being waited for.
    pub(super) awaiting: bool,
    /// Whether work in the background has had its time.
    pub(super) background_over: bool,
    /// Whether the schedule of a cancelled run is waited for no longer.
    pub(super) gave_up: bool,
    todo: Vec<Todo>,
}

impl Dispatcher {
    pub(super) fn new(
        context: Arc<Context>,
        reporting: Reporting,
        budget: Option<Amount>,
        background_grace: Duration,
    ) -> Self {
        Dispatcher {
            context,
            reporting,
            stages: BTreeMap::new(),
            actions: Actions::new(),
            next_action: 1,
            table: Table::default(),
            timers: Timers::default(),
            cancel: None,
            epoch: 0,
            background_grace,
            // A share is one of a stage's tasks: how many the run will have is not known.
            budget: match budget {
                Some(Amount::Count(most)) => Some(most),
                Some(Amount::Percent(_)) | None => None,
            },
            failures: BTreeMap::new(),
            background_over: false,
            over: false,
            awaiting: false,
            gave_up: false,
            todo: Vec::new(),
        }
    }

    /// Runs until the schedule is over and everything has ended.
    pub(super) async fn run(mut self, mut messages: mpsc::UnboundedReceiver<Message>) -> Stats {
        self.reporting.emit(EventKind::RunStarted {
            schema_version: EventKind::SCHEMA_VERSION,
            ploy_version: env!("CARGO_PKG_VERSION").to_owned(),
            batch: self.context.batch.clone(),
        });
        let mut heard = Vec::with_capacity(BATCH);
        while !self.is_over() {
            self.reporting.flush();
            let moment = self.timers.next();
            let timer = async {
                match moment {
                    Some(moment) => tokio::time::sleep_until(moment).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                // The context, which we hold, has a sender: there is always another message to wait for.
                _ = messages.recv_many(&mut heard, BATCH) => {
                    for message in heard.drain(..) {
                        self.hear(message);
                    }
                    self.look_around();
                }
                () = timer => self.ring(),
            }
        }
        // Who cancels does not want to wait for a reader that has stopped reading.
        let limit = self.cancel.map(|reason| {
            if reason == CancelReason::SecondSignal {
                SHOW_AFTER_KILL
            } else {
                SHOW
            }
        });
        self.reporting.finish(limit).await
    }

    fn is_over(&self) -> bool {
        (self.over || self.gave_up) && self.stages.is_empty() && self.actions.is_empty()
    }

    fn hear(&mut self, message: Message) {
        self.epoch += 1;
        match message {
            Message::Stage {
                stage,
                plan,
                in_spite_of_failures,
                sites,
                reply,
            } => self.begin_stage(stage, plan, in_spite_of_failures, sites, reply),
            Message::Refused { stage, fault } => {
                self.reporting.emit(EventKind::StageRefused {
                    stage: stage.into(),
                    error: fault,
                });
            }
            Message::Finished {
                action,
                faults,
                duration,
            } => self.end_try(action, faults, duration),
            Message::Background { parent, background } => self.start_background(parent, background),
            Message::Sync { action, request } => self.hear_request(action, request),
            Message::Resume { action, reply } => self.resume(action, reply),
            Message::Emit(event) => {
                // What a job left behind (a task that it spawned, say) is not heard any more.
                if let Some(teller) = event.emitting_action() {
                    match self.actions.get_mut(&teller.0) {
                        Some(action) if action.cancel.is_some() => action.note(&event),
                        _ => return,
                    }
                }
                self.reporting.emit(event);
            }
            Message::Output { event, taken } => {
                let teller = event
                    .emitting_action()
                    .and_then(|teller| self.actions.get(&teller.0));
                if teller.is_some_and(|action| action.cancel.is_some()) {
                    self.reporting.output(event, taken);
                }
            }
            Message::Allow { stage } => {
                self.failures.remove(&stage);
                self.reporting.emit(EventKind::FailureAllowed {
                    stage: stage.into(),
                });
            }
            Message::Cancel(reason) => self.cancel(reason),
            Message::Over { fault } => {
                self.over = true;
                if let Some(fault) = fault {
                    self.reporting
                        .emit(EventKind::ScheduleFailed { error: fault });
                }
            }
        }
    }

    /// Does what is due by now.
    fn ring(&mut self) {
        let now = Instant::now();
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
                Timer::Schedule => self.give_up_schedule(),
            }
        }
        self.look_around();
    }

    /// Looks for what no single message tells: that only background work is left, or that all wait for each other.
    fn look_around(&mut self) {
        self.await_background();
        self.watch_for_deadlock();
    }

    fn begin_stage(
        &mut self,
        stage: u32,
        plan: Arc<Plan>,
        in_spite_of_failures: bool,
        sites: Option<SiteLine>,
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
        self.reporting.emit(running.began());
        self.stages.insert(stage, running);
        self.advance(stage);
    }

    /// Does what can be done in a stage now, and ends the stage if nothing is left.
    pub(super) fn advance(&mut self, stage: u32) {
        let mut todo = std::mem::take(&mut self.todo);
        if self.cancel.is_none()
            && let Some(running) = self.stages.get_mut(&stage)
        {
            running.advance(&mut todo);
        }
        for todo in todo.drain(..) {
            match todo {
                Todo::Start(node) => self.start_task(stage, node),
                Todo::Gate(node, group) => self.begin_gate(stage, node, group),
                Todo::Skip(node, reason) => self.skip_task(stage, node, reason),
            }
        }
        self.todo = todo;
        let cancelled = self.cancel.is_some();
        if self
            .stages
            .get(&stage)
            .is_some_and(|running| running.is_over(cancelled))
        {
            self.end_stage(stage);
        }
    }

    pub(super) fn end_stage(&mut self, stage: u32) {
        if let Some(mut running) = self.stages.remove(&stage) {
            self.reporting.emit(running.ended());
            running.settle();
        }
    }

    /// Counts a failed task of any stage.
    pub(super) fn count_failure(&mut self, stage: u32) {
        *self.failures.entry(stage).or_default() += 1;
        if self.is_budget_spent() {
            let stages: Vec<u32> = self.stages.keys().copied().collect();
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
