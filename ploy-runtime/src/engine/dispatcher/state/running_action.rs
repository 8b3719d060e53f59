//! What runs, or waits to be tried again, and has a number among actions.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::lateness::Late;
use crate::action::{Action, Place};
use crate::error::Source;
use crate::event::{ActionId, CommandId, ErrorReport, EventKind, StageId};
use crate::plan::NodeId;
use crate::shell::{CancelLevel, CancelSender};

/// An action that runs, or waits to be tried again; or something else that has a number among
/// actions.
pub(in crate::engine::dispatcher) struct RunningAction {
    pub(in crate::engine::dispatcher) role: Role,
    /// The line to tell it to end; `None` while it waits to be tried again.
    pub(in crate::engine::dispatcher) cancel: Option<CancelSender>,
    pub(in crate::engine::dispatcher) attempt: u32,
    pub(in crate::engine::dispatcher) is_critical: bool,
    /// Whether it waits for others, as far as places are concerned.
    pub(in crate::engine::dispatcher) is_waiting: bool,
    /// Why it was told to end, if not because the run is cancelled.
    pub(in crate::engine::dispatcher) late: Option<Late>,
    /// The commands that it has begun and not ended.
    commands: Vec<CommandId>,
    /// The number of its last command; a further try goes on from there.
    pub(in crate::engine::dispatcher) last_command: Option<CommandId>,
    /// What went wrong in the last try.
    pub(in crate::engine::dispatcher) errors: Vec<ErrorReport>,
    /// How many parts of it run, each of which can wait by itself.
    pub(in crate::engine::dispatcher) parts: Arc<AtomicU32>,
}

/// What stands behind a number among actions.
pub(in crate::engine::dispatcher) enum Role {
    /// An action of a task.
    Task {
        stage: StageId,
        node: NodeId,
        name: String,
        place: Place,
        /// What each try of it does.
        action: Action,
        declared_at: Option<Source>,
    },
    /// What is done at a gate.
    Gate {
        stage: StageId,
        node: NodeId,
        group: u32,
    },
    /// Work in the background, of a job on a site.
    Background { label: String },
}

impl RunningAction {
    pub(in crate::engine::dispatcher) fn new(
        role: Role,
        cancel: CancelSender,
        is_critical: bool,
    ) -> Self {
        RunningAction {
            role,
            cancel: Some(cancel),
            attempt: 1,
            is_critical,
            is_waiting: false,
            late: None,
            commands: Vec::new(),
            last_command: None,
            errors: Vec::new(),
            parts: Arc::new(AtomicU32::new(1)),
        }
    }

    /// How urgently it has been told to end.
    pub(in crate::engine::dispatcher) fn level(&self) -> CancelLevel {
        self.cancel
            .as_ref()
            .map_or(CancelLevel::None, CancelSender::level)
    }

    /// Keeps in mind which commands it has begun and not ended.
    pub(in crate::engine::dispatcher) fn note(&mut self, event: &EventKind) {
        match event {
            EventKind::CommandStarted { command, .. } => {
                self.last_command = self.last_command.max(Some(*command));
                self.commands.push(*command);
            }
            EventKind::CommandFinished { command, .. } => {
                self.commands.retain(|open| open != command);
            }
            _ => {}
        }
    }

    /// Whether nothing of it goes on, if it has so many waits: no command runs, and each of its
    /// parts waits.
    pub(in crate::engine::dispatcher) fn is_idle(&self, waits: u32) -> bool {
        self.commands.is_empty() && waits >= self.parts.load(Ordering::Relaxed)
    }

    /// The ends of the commands that it left running: they end now, as they hear, and are told to
    /// have ended.
    pub(in crate::engine::dispatcher) fn end_commands(
        &mut self,
        action: ActionId,
    ) -> Vec<EventKind> {
        std::mem::take(&mut self.commands)
            .into_iter()
            .map(|command| EventKind::CommandFinished {
                action,
                command,
                code: None,
                duration: None,
                has_leftovers: true,
            })
            .collect()
    }

    /// Requester it is, in words.
    pub(in crate::engine::dispatcher) fn label(&self) -> String {
        match &self.role {
            Role::Task { place, .. } => format!("{} on {}", place.job, place.site.name()),
            Role::Gate { group, .. } => format!("the check after group {}", group + 1),
            Role::Background { label } => label.clone(),
        }
    }
}

/// All actions that run, by their numbers.
pub(in crate::engine::dispatcher) type Actions = HashMap<ActionId, RunningAction>;
