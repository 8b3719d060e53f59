//! When a stage of a schedule in data begins.

use std::fmt;

use serde::{Deserialize, Serialize};

/// When a stage of a schedule in data begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", content = "stage", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Condition {
    /// If nothing before it failed.
    #[default]
    Success,
    /// If the stage of this name ran and failed.
    OnFailure(String),
    /// If the stage of this name ran, however it ended.
    Always(String),
}

impl Condition {
    /// The name of the stage that it looks at.
    pub fn of(&self) -> Option<&str> {
        match self {
            Condition::Success => None,
            Condition::OnFailure(stage) | Condition::Always(stage) => Some(stage),
        }
    }

    /// The same, to be changed.
    pub(crate) fn stage_mut(&mut self) -> Option<&mut String> {
        match self {
            Condition::Success => None,
            Condition::OnFailure(stage) | Condition::Always(stage) => Some(stage),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Condition::Success => f.write_str("if nothing failed"),
            Condition::OnFailure(stage) => write!(f, "if `{stage}` fails"),
            Condition::Always(stage) => write!(f, "after `{stage}`, even if it fails"),
        }
    }
}
