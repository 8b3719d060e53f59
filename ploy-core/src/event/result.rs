//! How a task ended, or why it never began.

use serde::{Deserialize, Serialize};

/// How a task ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskResult {
    /// All its actions succeeded.
    Succeeded,
    /// An action failed.
    Failed,
    /// The site could not be reached, or the connection was lost, and nothing else failed.
    Unreachable,
    /// It was cancelled.
    Cancelled,
}

/// Why a task will not start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SkipReason {
    /// What it needed failed, or was not started either.
    Blocked,
    /// More tasks had failed than the stage, or the run, allows.
    Budget,
    /// The check between its group and the one before failed.
    Gate,
    /// The run was cancelled.
    Cancelled,
}

impl SkipReason {
    /// The reason in words: "because the run is cancelled".
    pub const fn in_words(self) -> &'static str {
        match self {
            SkipReason::Blocked => "because of the failure before it",
            SkipReason::Budget => "because too much has failed",
            SkipReason::Gate => "because the check before it failed",
            SkipReason::Cancelled => "because the run is cancelled",
        }
    }
}

/// Why a run is cancelled, from the least to the gravest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CancelReason {
    /// The program that embeds the run asked for it.
    Asked,
    /// SIGTERM.
    Terminate,
    /// SIGINT: Ctrl-C.
    Interrupt,
    /// A second signal: no more grace.
    Second,
}

impl CancelReason {
    /// What happened to the run, in words: "interrupted".
    pub const fn in_words(self) -> &'static str {
        match self {
            CancelReason::Asked => "cancelled",
            CancelReason::Terminate => "terminated",
            CancelReason::Interrupt => "interrupted",
            CancelReason::Second => "interrupted again",
        }
    }
}
