use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::{CommandReport, Error, Kind};

/// An error as an event carries it: owned text, and what is needed to act on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Fault {
    /// What sort of error it is.
    pub kind: Kind,
    /// The messages, outermost first.
    pub messages: Vec<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// The command, if a command failed.
    pub command: Option<CommandReport>,
    /// The `file:line` in the job's source that asked for what failed, or where the job is declared.
    pub at: Option<String>,
}

impl Fault {
    #[doc(hidden)]
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Fault {
            kind,
            messages: vec![message.into()],
            hint: None,
            command: None,
            at: None,
        }
    }
}

impl From<&Error> for Fault {
    fn from(error: &Error) -> Self {
        Fault {
            kind: error.kind(),
            messages: error.messages().collect(),
            hint: error.hint().map(str::to_owned),
            command: error.command().cloned().map(in_milliseconds),
            at: error.at().map(|at| format!("{}:{}", at.file(), at.line())),
        }
    }
}

/// The times of events are whole milliseconds, so that an event is the same after it was written and read.
fn in_milliseconds(mut report: CommandReport) -> CommandReport {
    let time = u64::try_from(report.duration.as_millis()).unwrap_or(u64::MAX);
    report.duration = Duration::from_millis(time);
    report
}

/// The whole chain, in one line.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.messages.join(": "))
    }
}

impl std::error::Error for Fault {}
