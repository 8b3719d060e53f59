//! An error as an event carries it.

use std::fmt;
use std::panic::Location;

use serde::{Deserialize, Serialize};

use crate::error::{CommandReport, Error, Kind};

/// An error as an event carries it: owned text, and what is needed to act on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ErrorReport {
    /// What sort of error it is.
    pub kind: Kind,
    /// The messages, outermost first.
    pub messages: Vec<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// The command, if a command failed.
    pub command: Option<CommandReport>,
    /// Where in the job's source what failed was asked for, or where the job is declared.
    pub location: Option<SourceLocation>,
}

/// A line of source code.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SourceLocation {
    /// The file, as the compiler was given it.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

impl ErrorReport {
    #[doc(hidden)]
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        ErrorReport {
            kind,
            messages: vec![message.into()],
            hint: None,
            command: None,
            location: None,
        }
    }
}

impl From<&Error> for ErrorReport {
    fn from(error: &Error) -> Self {
        ErrorReport {
            kind: error.kind(),
            messages: error.messages().collect(),
            hint: error.hint().map(str::to_owned),
            command: error.command().cloned(),
            location: error.at().map(SourceLocation::from),
        }
    }
}

/// The whole chain, in one line.
impl fmt::Display for ErrorReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.messages.join(": "))
    }
}

impl std::error::Error for ErrorReport {}

/// As `file:line`.
impl fmt::Display for SourceLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

impl From<&Location<'_>> for SourceLocation {
    fn from(location: &Location<'_>) -> Self {
        SourceLocation {
            file: location.file().to_owned(),
            line: location.line(),
        }
    }
}

impl From<crate::error::Source> for SourceLocation {
    fn from(source: crate::error::Source) -> Self {
        SourceLocation {
            file: source.file.to_owned(),
            line: source.line,
        }
    }
}
