use std::collections::{BTreeMap, BTreeSet};

use ploy::event::{ActionId, CancelReason, CommandKey, Event, EventKind, StageId, Stats, TaskKey};

/// Checks what holds for the events of every run, whatever happens in it.
///
/// # Panics
///
/// If a rule is broken, with the rule and the event.
pub fn check(events: &[Event]) {
    let mut seen = Seen::default();
    for (index, event) in events.iter().enumerate() {
        if let Err(rule) = seen.take(index, event) {
            panic!("{rule}; at {event:#?}\nof {events:#?}");
        }
    }
    assert!(seen.ended, "the run has no end: {events:#?}");
    for (open, what) in [
        (!seen.tasks.is_empty(), "task"),
        (!seen.actions.is_empty(), "action"),
        (!seen.retries.is_empty(), "try of an action"),
        (!seen.gates.is_empty(), "gate"),
        (!seen.background.is_empty(), "piece of background work"),
        (!seen.stages.is_empty(), "stage"),
    ] {
        assert!(!open, "a {what} has no end: {events:#?}");
    }
}

#[derive(Default)]
struct Seen {
    stats: Stats,
    ended: bool,
    cancel: Option<CancelReason>,
    /// Those that run, with how many tasks they have still to account for.
    stages: BTreeMap<StageId, u32>,
    all_stages: BTreeSet<StageId>,
    tasks: BTreeSet<TaskKey>,
    all_tasks: BTreeSet<TaskKey>,
    actions: BTreeMap<ActionId, TaskKey>,
    /// Actions that are to be tried again, with the number of the try that has ended.
    retries: BTreeMap<ActionId, u32>,
    attempts: BTreeMap<ActionId, u32>,
    of_task: BTreeMap<ActionId, TaskKey>,
    gates: BTreeMap<ActionId, StageId>,
    background: BTreeSet<ActionId>,
    /// Everything that ever had a number among actions.
    all_actions: BTreeSet<ActionId>,
    commands: BTreeSet<CommandKey>,
    all_commands: BTreeSet<CommandKey>,
}

impl Seen {
    fn take(&mut self, index: usize, event: &Event) -> Result<(), String> {
        let rule = |holds: bool, rule: &str| if holds { Ok(()) } else { Err(rule.to_owned()) };
        rule(event.number == index as u64 + 1, "the number grows by 1")?;
        rule(!self.ended, "nothing follows the end of the run")?;
        rule(
            (index == 0) == matches!(event.kind, EventKind::RunStarted { .. }),
            "the beginning of the run is first",
        )?;
        let quiet = self.cancel.is_none();
        match &event.kind {
            EventKind::StageStarted {
                stage, task_count, ..
            } => {
                rule(quiet, "no stage begins after the cancel")?;
                rule(self.all_stages.insert(*stage), "a stage begins once")?;
                self.stages.insert(*stage, *task_count);
            }
            EventKind::StageSkipped { stage, .. } => {
                rule(
                    self.all_stages.insert(*stage),
                    "a skipped stage does not begin",
                )?;
            }
            EventKind::StageRefused { stage, .. } => {
                rule(
                    self.all_stages.insert(*stage),
                    "a refused stage does not begin",
                )?;
            }
            EventKind::TaskStarted { stage, task, .. } => {
                rule(quiet, "no task starts after the cancel")?;
                rule(
                    self.stages.contains_key(stage),
                    "a task starts in a stage that runs",
                )?;
                rule(
                    self.all_tasks.insert(TaskKey {
                        stage: *stage,
                        task: *task,
                    }),
                    "a task starts once",
                )?;
                rule(
                    !self.gates.values().any(|of| of == stage),
                    "no task starts between two groups",
                )?;
                self.tasks.insert(TaskKey {
                    stage: *stage,
                    task: *task,
                });
            }
            EventKind::TaskSkipped { stage, task, .. } => {
                rule(
                    self.all_tasks.insert(TaskKey {
                        stage: *stage,
                        task: *task,
                    }),
                    "a skipped task does not start",
                )?;
                self.account(*stage)?;
            }
            EventKind::ActionStarted {
                stage,
                task,
                action,
                attempt,
                ..
            } => {
                rule(quiet, "no action starts after the cancel")?;
                rule(
                    self.tasks.contains(&TaskKey {
                        stage: *stage,
                        task: *task,
                    }),
                    "an action starts in a task that runs",
                )?;
                if *attempt == 1 {
                    rule(self.all_actions.insert(*action), "an action starts once")?;
                } else {
                    rule(
                        self.retries.remove(action) == Some(*attempt - 1),
                        "a further try follows one that failed",
                    )?;
                }
                self.attempts.insert(*action, *attempt);
                self.of_task.insert(
                    *action,
                    TaskKey {
                        stage: *stage,
                        task: *task,
                    },
                );
                self.actions.insert(
                    *action,
                    TaskKey {
                        stage: *stage,
                        task: *task,
                    },
                );
            }
            EventKind::RetryAbandoned { action, .. } => {
                rule(
                    self.retries.remove(action).is_some(),
                    "only what was to be tried again is given up",
                )?;
            }
            EventKind::BackgroundStarted { action, parent, .. } => {
                rule(quiet, "no work begins after the cancel")?;
                rule(
                    self.all_actions.contains(parent),
                    "background work is begun by an action",
                )?;
                rule(
                    self.all_actions.insert(*action),
                    "background work starts once",
                )?;
                self.background.insert(*action);
            }
            EventKind::BackgroundFinished { action, .. } => {
                rule(
                    self.background.remove(action),
                    "background work ends once, after its start",
                )?;
                self.ends_after_its_commands(*action)?;
            }
            EventKind::GateStarted { stage, action, .. } => {
                rule(quiet, "no gate begins after the cancel")?;
                rule(
                    self.stages.contains_key(stage),
                    "a gate is in a stage that runs",
                )?;
                rule(self.all_actions.insert(*action), "a gate begins once")?;
                rule(
                    !self.tasks.iter().any(|of| of.stage == *stage),
                    "a gate begins when its group has ended",
                )?;
                self.gates.insert(*action, *stage);
            }
            EventKind::GateFinished { stage, action, .. } => {
                rule(
                    self.gates.remove(action) == Some(*stage),
                    "a gate ends once, after its beginning",
                )?;
                self.ends_after_its_commands(*action)?;
            }
            EventKind::WaitStarted { action, .. }
            | EventKind::WaitFinished { action }
            | EventKind::TimedOut { action, .. } => {
                rule(self.runs(*action), "it is told of an action that runs")?;
            }
            EventKind::CommandStarted {
                action, command, ..
            } => {
                rule(
                    self.runs(*action),
                    "a command starts in an action that runs",
                )?;
                rule(
                    self.all_commands.insert(CommandKey {
                        action: *action,
                        command: *command,
                    }),
                    "a command starts once",
                )?;
                self.commands.insert(CommandKey {
                    action: *action,
                    command: *command,
                });
            }
            EventKind::Output {
                action,
                command,
                bytes,
                ..
            } => {
                rule(
                    self.commands.contains(&CommandKey {
                        action: *action,
                        command: *command,
                    }),
                    "output comes from a command that runs",
                )?;
                rule(
                    !bytes.is_empty() && bytes.len() <= 64 * 1024,
                    "output is 1 byte to 64 KiB",
                )?;
            }
            EventKind::TransferProgress {
                action,
                command,
                percent_done,
                ..
            } => {
                rule(
                    self.commands.contains(&CommandKey {
                        action: *action,
                        command: *command,
                    }),
                    "what moves files is a command that runs",
                )?;
                rule(*percent_done <= 100, "there is nothing above 100 %")?;
            }
            EventKind::CommandFinished {
                action, command, ..
            } => {
                rule(
                    self.commands.remove(&CommandKey {
                        action: *action,
                        command: *command,
                    }),
                    "a command ends once, after its start",
                )?;
            }
            EventKind::Report { action, .. } | EventKind::Debug { action, .. } => {
                rule(
                    self.runs(*action),
                    "only an action that runs says something",
                )?;
            }
            EventKind::ActionFinished {
                action,
                retry_in,
                errors,
                ..
            } => {
                rule(
                    self.actions.remove(action).is_some(),
                    "an action ends once, after its start",
                )?;
                self.ends_after_its_commands(*action)?;
                if retry_in.is_some() {
                    rule(quiet, "nothing is tried again after the cancel")?;
                    rule(!errors.is_empty(), "only what failed is tried again")?;
                    self.retries.insert(*action, self.attempts[action]);
                }
            }
            EventKind::TaskFinished { stage, task, .. } => {
                rule(
                    self.tasks.remove(&TaskKey {
                        stage: *stage,
                        task: *task,
                    }),
                    "a task ends once, after its start",
                )?;
                rule(
                    !self.actions.values().any(|of| {
                        of == &TaskKey {
                            stage: *stage,
                            task: *task,
                        }
                    }),
                    "a task ends after its actions",
                )?;
                rule(
                    !self.retries.keys().any(|action| {
                        self.of_task[action]
                            == TaskKey {
                                stage: *stage,
                                task: *task,
                            }
                    }),
                    "a task ends after the last tries of its actions",
                )?;
                self.account(*stage)?;
            }
            EventKind::CancelStarted { reason, .. } => {
                rule(
                    self.cancel.is_none_or(|before| before < *reason),
                    "reasons to cancel only grow graver",
                )?;
                self.cancel = Some(*reason);
            }
            EventKind::StageFinished { stage, .. } => {
                rule(
                    !self.gates.values().any(|of| of == stage),
                    "a stage ends after its gates",
                )?;
                rule(
                    self.stages.remove(stage) == Some(0),
                    "a stage ends once, after all its tasks",
                )?;
            }
            EventKind::RunFinished { stats } => {
                self.ended = true;
                rule(
                    stats == &self.stats,
                    "the summary is a fold over the events",
                )?;
            }
            _ => {}
        }
        self.stats.fold(&event.kind);
        Ok(())
    }

    /// Whether it has a number among actions, and has begun and not ended.
    fn runs(&self, action: ActionId) -> bool {
        self.actions.contains_key(&action)
            || self.gates.contains_key(&action)
            || self.background.contains(&action)
    }

    fn ends_after_its_commands(&self, action: ActionId) -> Result<(), String> {
        if self.commands.iter().any(|of| of.action == action) {
            return Err("an action ends after its commands".to_owned());
        }
        Ok(())
    }

    fn account(&mut self, stage: StageId) -> Result<(), String> {
        let open = self
            .stages
            .get_mut(&stage)
            .ok_or("a task belongs to a stage that runs")?;
        *open = open
            .checked_sub(1)
            .ok_or("a stage has as many tasks as it said")?;
        Ok(())
    }
}
