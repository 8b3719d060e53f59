//! What an action does at the moment.

use std::collections::BTreeMap;

use super::running_command::RunningCommand;
use ploy_core::event::CommandId;

/// What an action does at the moment.
#[derive(Debug, Default)]
pub(super) struct ActionState {
    /// What it waits for, in words.
    pub(super) waits_for: Option<String>,
    pub(super) commands: BTreeMap<CommandId, RunningCommand>,
    /// The last line that it reported.
    pub(super) last_report: Option<String>,
}
