//! What of the events is shown.

use serde::{Deserialize, Serialize};

/// What of a command is to be shown. Events are sent in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Show {
    /// The command, and all that it puts out.
    #[default]
    All,
    /// What it puts out to standard error.
    Errors,
    /// Nothing. If it fails, the error has the end of its output nonetheless.
    Nothing,
}

/// What of a stage is to be shown. Events are sent in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageView {
    /// Reports, even if the log is off.
    pub report: bool,
    /// Debug lines.
    pub debug: bool,
    /// Commands, their output, and reports.
    pub log: bool,
    /// No error lines, unless the log is on.
    pub quiet: bool,
}
