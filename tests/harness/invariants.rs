use std::collections::{BTreeMap, BTreeSet};

use ploy::{CancelReason, Event, EventKind, Stats};

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
    stages: BTreeMap<u32, u32>,
    all_stages: BTreeSet<u32>,
    tasks: BTreeSet<(u32, u32)>,
    all_tasks: BTreeSet<(u32, u32)>,
    actions: BTreeMap<u32, (u32, u32)>,
    all_actions: BTreeSet<u32>,
    commands: BTreeSet<(u32, u32)>,
    all_commands: BTreeSet<(u32, u32)>,
}

impl Seen {
    fn take(&mut self, index: usize, event: &Event) -> Result<(), String> {
        let rule = |holds: bool, rule: &str| if holds { Ok(()) } else { Err(rule.to_owned()) };
        rule(event.number == index as u64 + 1, "the number grows by 1")?;
        rule(!self.ended, "nothing follows the end of the run")?;
        rule(
            (index == 0) == matches!(event.kind, EventKind::RunBegan { .. }),
            "the beginning of the run is first",
        )?;
        let quiet = self.cancel.is_none();
        match &event.kind {
            EventKind::StageBegan { stage, tasks, .. } => {
                rule(quiet, "no stage begins after the cancel")?;
                rule(self.all_stages.insert(*stage), "a stage begins once")?;
                self.stages.insert(*stage, *tasks);
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
                rule(self.all_tasks.insert((*stage, *task)), "a task starts once")?;
                self.tasks.insert((*stage, *task));
            }
            EventKind::TaskSkipped { stage, task, .. } => {
                rule(
                    self.all_tasks.insert((*stage, *task)),
                    "a skipped task does not start",
                )?;
                self.account(*stage)?;
            }
            EventKind::ActionStarted {
                stage,
                task,
                action,
                ..
            } => {
                rule(quiet, "no action starts after the cancel")?;
                rule(
                    self.tasks.contains(&(*stage, *task)),
                    "an action starts in a task that runs",
                )?;
                rule(self.all_actions.insert(*action), "an action starts once")?;
                self.actions.insert(*action, (*stage, *task));
            }
            EventKind::CommandStarted {
                action, command, ..
            } => {
                rule(
                    self.actions.contains_key(action),
                    "a command starts in an action that runs",
                )?;
                rule(
                    self.all_commands.insert((*action, *command)),
                    "a command starts once",
                )?;
                self.commands.insert((*action, *command));
            }
            EventKind::Output {
                action,
                command,
                bytes,
                ..
            } => {
                rule(
                    self.commands.contains(&(*action, *command)),
                    "output comes from a command that runs",
                )?;
                rule(
                    !bytes.is_empty() && bytes.len() <= 64 * 1024,
                    "output is 1 byte to 64 KiB",
                )?;
            }
            EventKind::CommandFinished {
                action, command, ..
            } => {
                rule(
                    self.commands.remove(&(*action, *command)),
                    "a command ends once, after its start",
                )?;
            }
            EventKind::Report { action, .. } | EventKind::Debug { action, .. } => {
                rule(
                    self.actions.contains_key(action),
                    "only an action that runs says something",
                )?;
            }
            EventKind::ActionFinished { action, .. } => {
                rule(
                    self.actions.remove(action).is_some(),
                    "an action ends once, after its start",
                )?;
                rule(
                    !self.commands.iter().any(|(of, _)| of == action),
                    "an action ends after its commands",
                )?;
            }
            EventKind::TaskFinished { stage, task, .. } => {
                rule(
                    self.tasks.remove(&(*stage, *task)),
                    "a task ends once, after its start",
                )?;
                rule(
                    !self.actions.values().any(|of| of == &(*stage, *task)),
                    "a task ends after its actions",
                )?;
                self.account(*stage)?;
            }
            EventKind::CancelBegan { reason, .. } => {
                rule(
                    self.cancel.is_none_or(|before| before < *reason),
                    "reasons to cancel only grow graver",
                )?;
                self.cancel = Some(*reason);
            }
            EventKind::StageEnded { stage, .. } => {
                rule(
                    self.stages.remove(stage) == Some(0),
                    "a stage ends once, after all its tasks",
                )?;
            }
            EventKind::RunEnded { stats } => {
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

    fn account(&mut self, stage: u32) -> Result<(), String> {
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
