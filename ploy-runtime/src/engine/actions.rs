use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::action::Place;
use crate::error::Kind;
use crate::event::{CommandId, ErrorReport, EventKind};
use crate::plan::NodeId;
use crate::shell::{CancelLevel, CancelSender};

/// An action that runs, or waits to be tried again; or something else that has a number among actions.
pub(super) struct RunningAction {
    pub(super) role: Role,
    /// The line to tell it to end; `None` while it waits to be tried again.
    pub(super) cancel: Option<CancelSender>,
    pub(super) attempt: u32,
    pub(super) critical: bool,
    /// Whether it waits for others, as far as places are concerned.
    pub(super) waits: bool,
    /// Why it was told to end, if not because the run is cancelled.
    pub(super) late: Option<Late>,
    /// The commands that it has begun and not ended.
    commands: Vec<CommandId>,
    /// The number of its last command; a further try goes on from there.
    pub(super) last_command: u32,
    /// What went wrong in the last try.
    pub(super) faults: Vec<ErrorReport>,
    /// How many parts of it run, each of which can wait by itself.
    pub(super) parts: Arc<AtomicU32>,
}

/// What stands behind a number among actions.
pub(super) enum Role {
    /// An action of a task.
    Task {
        stage: u32,
        node: NodeId,
        name: String,
        place: Place,
        /// Its number in the catalogue.
        action: u32,
    },
    /// What is done at a gate.
    Gate {
        stage: u32,
        node: NodeId,
        group: u32,
    },
    /// Work in the background, of a job on a site.
    Background { label: String },
}

/// Why an action was told to end before its run was.
#[derive(Clone, Copy, Debug)]
pub(super) enum Late {
    Action(Duration),
    Check(Duration),
    Task(Duration),
    Background(Duration),
}

impl Late {
    pub(super) fn fault(self) -> ErrorReport {
        let seconds = |time: Duration| time.as_secs_f64();
        let message = match self {
            Late::Action(limit) => format!("the action ran longer than {} s", seconds(limit)),
            Late::Check(limit) => format!("the check ran longer than {} s", seconds(limit)),
            Late::Task(limit) => format!("the task ran longer than {} s", seconds(limit)),
            Late::Background(limit) => {
                format!(
                    "it was still running {} s after the end of the schedule",
                    seconds(limit)
                )
            }
        };
        let mut fault = ErrorReport::new(Kind::Timeout, message);
        fault.hint = Some(match self {
            Late::Action(_) | Late::Check(_) => {
                "`timeout` of the stage says how long an action or a check may take".to_owned()
            }
            Late::Task(_) => "`task_timeout` of the stage says how long a task may take".to_owned(),
            Late::Background(_) => {
                "`background_grace` says how long the end of a run waits for it".to_owned()
            }
        });
        fault
    }
}

impl RunningAction {
    pub(super) fn new(role: Role, cancel: CancelSender, critical: bool) -> Self {
        RunningAction {
            role,
            cancel: Some(cancel),
            attempt: 1,
            critical,
            waits: false,
            late: None,
            commands: Vec::new(),
            last_command: 0,
            faults: Vec::new(),
            parts: Arc::new(AtomicU32::new(1)),
        }
    }

    /// How urgently it has been told to end.
    pub(super) fn level(&self) -> CancelLevel {
        self.cancel
            .as_ref()
            .map_or(CancelLevel::None, CancelSender::level)
    }

    /// Keeps in mind which commands it has begun and not ended.
    pub(super) fn note(&mut self, event: &EventKind) {
        match event {
            EventKind::CommandStarted { command, .. } => {
                self.last_command = self.last_command.max(command.0);
                self.commands.push(*command);
            }
            EventKind::CommandFinished { command, .. } => {
                self.commands.retain(|open| open != command);
            }
            _ => {}
        }
    }

    /// Whether nothing of it goes on, if it has so many waits: no command runs, and each of its parts waits.
    pub(super) fn is_idle(&self, waits: u32) -> bool {
        self.commands.is_empty() && waits >= self.parts.load(Ordering::Relaxed)
    }

    /// The ends of the commands that it left running: they end now, as they hear, and are told to have ended.
    pub(super) fn end_commands(&mut self, action: u32) -> Vec<EventKind> {
        std::mem::take(&mut self.commands)
            .into_iter()
            .map(|command| EventKind::CommandFinished {
                action: action.into(),
                command,
                code: None,
                duration: None,
                has_leftovers: true,
            })
            .collect()
    }

    /// Who it is, in words.
    pub(super) fn label(&self) -> String {
        match &self.role {
            Role::Task { place, .. } => format!("{} on {}", place.job, place.site.name()),
            Role::Gate { group, .. } => format!("the check after group {}", group + 1),
            Role::Background { label } => label.clone(),
        }
    }
}

/// All actions that run, by their numbers.
pub(super) type Actions = HashMap<u32, RunningAction>;

/// Turns what went wrong in an action that was told to end for its lateness: that is what went wrong.
pub(super) fn blame(late: Option<Late>, mut faults: Vec<ErrorReport>) -> Vec<ErrorReport> {
    if let Some(late) = late {
        faults.retain(|fault| fault.kind != Kind::Cancelled);
        faults.insert(0, late.fault());
    }
    faults
}
