//! Something that runs and has a line.

use std::collections::BTreeMap;
use std::time::Duration;

use super::action_state::ActionState;
use super::running_command::RunningCommand;
use ploy_core::event::{ActionId, EventTime};

/// How long a command is silent before that is shown.
const SILENT: Duration = Duration::from_secs(10);

/// Something that runs and has a line: a task, work in the background, or what is between two
/// groups.
#[derive(Debug)]
pub(super) struct RunningWork {
    /// Who it is, in words: "upload on web1".
    pub(super) label: String,
    /// The name of its site, or of its group.
    pub(super) site: String,
    /// Its place among the sites.
    pub(super) place: usize,
    pub(super) job: String,
    /// When it began.
    pub(super) began: EventTime,
    /// Whether what its commands do may be seen.
    pub(super) shows_log: bool,
    /// Whether what it reports may be seen.
    pub(super) shows_reports: bool,
    pub(super) actions: BTreeMap<ActionId, ActionState>,
}

impl RunningWork {
    /// The commands that run, those last that were heard of last.
    pub(super) fn commands(&self) -> Vec<&RunningCommand> {
        let actions = self.actions.values().filter(|_| self.shows_log);
        let mut commands: Vec<_> = actions
            .flat_map(|action| action.commands.values())
            .collect();
        commands.sort_by_key(|command| command.heard);
        commands
    }

    /// What it waits for, if it does.
    pub(super) fn waits_for(&self) -> Option<&str> {
        self.actions
            .values()
            .find_map(|action| action.waits_for.as_deref())
    }

    /// What it said last.
    pub(super) fn last_report(&self) -> Option<&str> {
        let shows = self.shows_reports || self.shows_log;
        let said = self
            .actions
            .values()
            .rev()
            .find_map(|action| action.last_report.as_deref());
        said.filter(|_| shows)
    }

    /// What it does, in one line: a mark and a text.
    pub(super) fn activity(&self, now: EventTime) -> Option<(&'static str, String)> {
        if let Some(command) = self.commands().last() {
            let (mark, text) = command
                .last()
                .or_else(|| command.script().map(|script| ("$", script.to_owned())))?;
            let silent = now.since(command.heard);
            return Some(if silent < SILENT {
                (mark, text)
            } else {
                (
                    "-",
                    format!("silent for {}: {text}", super::row::clock(silent)),
                )
            });
        }
        if let Some(waits) = self.waits_for() {
            return Some(("-", waits.to_owned()));
        }
        self.last_report().map(|said| (">", said.to_owned()))
    }
}
