//! How a task ended, or why it never began.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::catalogue::Condition;

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
    BudgetSpent,
    /// The check between its group and the one before failed.
    GateFailed,
    /// The run was cancelled.
    Cancelled,
}

impl SkipReason {
    /// The reason in words: "because the run is cancelled".
    pub const fn in_words(self) -> &'static str {
        match self {
            SkipReason::Blocked => "because of the failure before it",
            SkipReason::BudgetSpent => "because too much has failed",
            SkipReason::GateFailed => "because the check before it failed",
            SkipReason::Cancelled => "because the run is cancelled",
        }
    }
}

/// Why a stage does not begin though nothing is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum StageSkipReason {
    /// Its condition does not hold.
    Condition {
        /// When it would have begun.
        condition: Condition,
    },
    /// Whoever was asked before it said no.
    Declined,
}

/// When it would have begun, in words: "if nothing failed".
impl fmt::Display for StageSkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StageSkipReason::Condition { condition } => condition.fmt(f),
            StageSkipReason::Declined => f.write_str("if you say so"),
        }
    }
}

/// Why a run is cancelled, from the least to the gravest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CancelReason {
    /// The program that embeds the run asked for it.
    Requested,
    /// SIGTERM, or SIGHUP.
    Terminate,
    /// SIGINT: Ctrl-C.
    Interrupt,
    /// A second signal: no more grace.
    SecondSignal,
}

impl CancelReason {
    /// What happened to the run, in words: "interrupted".
    pub const fn in_words(self) -> &'static str {
        match self {
            CancelReason::Requested => "cancelled",
            CancelReason::Terminate => "terminated",
            CancelReason::Interrupt => "interrupted",
            CancelReason::SecondSignal => "interrupted again",
        }
    }
}
