use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;

use super::context::Context;
use super::executor;
use super::message::{Message, Started};
use super::outcome::Settled;
use super::reporting::Reporting;
use super::stage::RunningStage;
use crate::event::{CancelReason, EventKind, Fault, Stats};
use crate::plan::{NodeId, Plan};
use crate::shell::{CancelLevel, CancelSender, cancel_channel};

/// How long what runs has to end by itself when the run is cancelled: 30 s.
pub(super) const GRACE: Duration = Duration::from_secs(30);

/// How long what was killed has to be gone before it is no longer waited for. More than a shell's own patience.
const KILL_TO_ABANDON: Duration = Duration::from_secs(4);

/// An action that runs: its line, and the commands that it has begun and not ended.
struct RunningAction {
    cancel: CancelSender,
    commands: BTreeSet<u32>,
}

/// How long a cancelled run may take to show what has happened.
const SHOW: Duration = Duration::from_secs(5);
const SHOW_AFTER_KILL: Duration = Duration::from_secs(1);

/// Owns all state of a run and is the only writer of its events. Hears everything, decides what starts.
pub(super) struct Dispatcher {
    context: Arc<Context>,
    reporting: Reporting,
    stages: BTreeMap<u32, RunningStage>,
    actions: BTreeMap<u32, RunningAction>,
    next_action: u32,
    cancel: Option<CancelReason>,
    level: CancelLevel,
    deadline: Option<Instant>,
    over: bool,
}

impl Dispatcher {
    pub(super) fn new(context: Arc<Context>, reporting: Reporting) -> Self {
        Dispatcher {
            context,
            reporting,
            stages: BTreeMap::new(),
            actions: BTreeMap::new(),
            next_action: 1,
            cancel: None,
            level: CancelLevel::None,
            deadline: None,
            over: false,
        }
    }

    /// Runs until the schedule is over and everything has ended.
    pub(super) async fn run(mut self, mut messages: mpsc::UnboundedReceiver<Message>) -> Stats {
        self.reporting.emit(EventKind::RunBegan {
            batch: self.context.batch.clone(),
        });
        while !(self.over && self.stages.is_empty()) && self.level < CancelLevel::Abandon {
            let deadline = self.deadline;
            let timer = async {
                match deadline {
                    Some(deadline) => tokio::time::sleep_until(deadline).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                message = messages.recv() => match message {
                    Some(message) => self.hear(message),
                    // The context, which we hold, has a sender: this does not happen.
                    None => break,
                },
                () = timer => self.grow_impatient(),
            }
        }
        self.abandon(&mut messages).await;
        // Who cancels does not want to wait for a reader that has stopped reading.
        let limit = self.cancel.map(|reason| {
            if reason == CancelReason::Second {
                SHOW_AFTER_KILL
            } else {
                SHOW
            }
        });
        self.reporting.finish(limit).await
    }

    fn hear(&mut self, message: Message) {
        match message {
            Message::Stage { stage, plan, reply } => self.begin_stage(stage, plan, reply),
            Message::Refused { stage, fault } => self
                .reporting
                .emit(EventKind::StageRefused { stage, fault }),
            Message::Start {
                stage,
                task,
                name,
                fragment,
                fragments,
                reply,
            } => {
                // Dropping the reply is the word not to start.
                if self.cancel.is_none()
                    && let Some(running) = self.stages.get_mut(&stage)
                {
                    running.actions += 1;
                    let index = running.actions;
                    let action = self.next_action;
                    self.next_action += 1;
                    self.reporting.emit(EventKind::ActionStarted {
                        stage,
                        task,
                        action,
                        name,
                        fragment,
                        fragments,
                    });
                    let (sender, cancel) = cancel_channel();
                    self.actions.insert(
                        action,
                        RunningAction {
                            cancel: sender,
                            commands: BTreeSet::new(),
                        },
                    );
                    let _ = reply.send(Started {
                        action,
                        index,
                        cancel,
                    });
                }
            }
            Message::Finished {
                action,
                faults,
                duration,
            } => {
                self.end_action(action);
                self.reporting.emit(EventKind::ActionFinished {
                    action,
                    faults,
                    duration,
                });
            }
            Message::Done {
                stage,
                task,
                actions,
                duration,
            } => {
                if let Some(running) = self.stages.get_mut(&stage) {
                    let result = running.finish(task, actions);
                    self.reporting.emit(EventKind::TaskFinished {
                        stage,
                        task,
                        result,
                        duration,
                    });
                    self.advance(stage);
                }
            }
            // What a job left behind (a task that it spawned, say) is not heard any more.
            Message::Emit(event) if !self.is_running(&event) => {}
            Message::Output { event, .. } if !self.is_running(&event) => {}
            Message::Emit(event) => {
                self.note_command(&event);
                self.reporting.emit(event);
            }
            Message::Output { event, taken } => self.reporting.output(event, taken),
            Message::Allow { stage } => self.reporting.emit(EventKind::FailureAllowed { stage }),
            Message::Cancel(reason) => self.cancel(reason),
            Message::Over { fault } => {
                self.over = true;
                if let Some(fault) = fault {
                    self.reporting.emit(EventKind::ScheduleFailed { fault });
                }
            }
        }
    }

    /// Keeps in mind which commands an action has begun and not ended.
    fn note_command(&mut self, event: &EventKind) {
        match event {
            EventKind::CommandStarted {
                action, command, ..
            } => {
                self.actions
                    .get_mut(action)
                    .map(|action| action.commands.insert(*command));
            }
            EventKind::CommandFinished {
                action, command, ..
            } => {
                self.actions
                    .get_mut(action)
                    .map(|action| action.commands.remove(command));
            }
            _ => {}
        }
    }

    /// Forgets an action. Commands that it left running end now, as they hear, and are told to have ended.
    fn end_action(&mut self, action: u32) {
        let commands = self
            .actions
            .remove(&action)
            .map(|ended| ended.commands)
            .unwrap_or_default();
        for command in commands {
            let left_behind = true;
            self.reporting.emit(EventKind::CommandFinished {
                action,
                command,
                code: None,
                duration: 0,
                left_behind,
            });
        }
    }

    /// Whether the action that tells of this event has not ended.
    fn is_running(&self, event: &EventKind) -> bool {
        event
            .told_by()
            .is_none_or(|action| self.actions.contains_key(&action))
    }

    fn begin_stage(
        &mut self,
        stage: u32,
        plan: Arc<Plan>,
        reply: tokio::sync::oneshot::Sender<Settled>,
    ) {
        let mut running = RunningStage::new(stage, plan, reply);
        if self.cancel.is_some() {
            // Nothing starts any more; whoever asked is told that nothing ran.
            running.cancel(&mut Vec::new());
            running.settle();
            return;
        }
        self.reporting.emit(running.began());
        self.stages.insert(stage, running);
        self.advance(stage);
    }

    /// Starts what can start in a stage, and ends the stage if nothing is left.
    fn advance(&mut self, stage: u32) {
        let Some(running) = self.stages.get_mut(&stage) else {
            return;
        };
        let mut events = Vec::new();
        let ready = if self.cancel.is_none() {
            running.take_ready(&mut events)
        } else {
            Vec::new()
        };
        let plan = running.plan.clone();
        for event in events {
            self.reporting.emit(event);
        }
        for node in ready {
            self.start(stage, &plan, node);
        }
        if self
            .stages
            .get(&stage)
            .is_some_and(|running| running.is_over(self.cancel.is_some()))
        {
            self.end_stage(stage);
        }
    }

    fn start(&self, stage: u32, plan: &Arc<Plan>, node: NodeId) {
        tokio::spawn(executor::execute(
            self.context.clone(),
            stage,
            plan.clone(),
            node,
        ));
    }

    fn end_stage(&mut self, stage: u32) {
        if let Some(mut running) = self.stages.remove(&stage) {
            self.reporting.emit(running.ended());
            running.settle();
        }
    }

    fn cancel(&mut self, reason: CancelReason) {
        // Any further signal means that the user's patience is over.
        let reason = if self.cancel.is_some() && reason != CancelReason::Asked {
            CancelReason::Second
        } else {
            reason
        };
        if self.cancel >= Some(reason) {
            return;
        }
        let first = self.cancel.is_none();
        self.cancel = Some(reason);
        let grace = if reason == CancelReason::Second {
            Duration::ZERO
        } else {
            GRACE
        };
        let running = u32::try_from(self.actions.len()).unwrap_or(u32::MAX);
        let milliseconds = u64::try_from(grace.as_millis()).unwrap_or(u64::MAX);
        self.reporting.emit(EventKind::CancelBegan {
            reason,
            running,
            grace: milliseconds,
        });
        if first {
            let mut events = Vec::new();
            for stage in self.stages.values_mut() {
                stage.cancel(&mut events);
            }
            for event in events {
                self.reporting.emit(event);
            }
        }
        if reason == CancelReason::Second {
            self.kill();
        } else {
            self.tell(CancelLevel::Term);
            self.deadline = Some(Instant::now() + grace);
        }
        let over: Vec<u32> = self
            .stages
            .iter()
            .filter(|(_, stage)| stage.is_over(true))
            .map(|(number, _)| *number)
            .collect();
        for stage in over {
            self.end_stage(stage);
        }
    }

    fn grow_impatient(&mut self) {
        match self.level {
            CancelLevel::None | CancelLevel::Term => self.kill(),
            CancelLevel::Kill | CancelLevel::Abandon => self.tell(CancelLevel::Abandon),
        }
    }

    fn kill(&mut self) {
        self.tell(CancelLevel::Kill);
        self.deadline = Some(Instant::now() + KILL_TO_ABANDON);
    }

    fn tell(&mut self, level: CancelLevel) {
        if level > self.level {
            self.level = level;
            for action in self.actions.values() {
                action.cancel.send_replace(level);
            }
        }
    }

    /// After the last moment: every action that was started is told to have ended, and every task.
    async fn abandon(&mut self, messages: &mut mpsc::UnboundedReceiver<Message>) {
        let limit = Instant::now() + Duration::from_secs(1);
        while !self.stages.is_empty() {
            match tokio::time::timeout_at(limit, messages.recv()).await {
                Ok(Some(message)) => self.hear(message),
                Ok(None) | Err(_) => break,
            }
        }
        let actions: Vec<u32> = self.actions.keys().copied().collect();
        for action in actions {
            self.end_action(action);
            let fault = Fault::new(
                crate::error::Kind::Cancelled,
                "it did not end, and was abandoned",
            );
            self.reporting.emit(EventKind::ActionFinished {
                action,
                faults: vec![fault],
                duration: 0,
            });
        }
    }
}
