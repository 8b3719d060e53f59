//! The error of an operation of the library, and what is known of a command that failed.

use std::fmt;
use std::panic::Location;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{BoxError, Kind};

/// What a library operation returns when it fails.
///
/// Its message is one line, in lower case, and names the site. [`detail`](Failure::detail) has the
/// rest: the [`Kind`], what to do about it, and for a failed command all that is known of it.
pub struct Failure {
    headline: String,
    // Also the `source()`: an error that went through `anyhow` can still be told by walking its
    // chain.
    detail: Box<FailureDetail>,
}

/// The particulars of a [`Failure`]: its cause in words, its [`Kind`], a hint, and the command if
/// it was one.
pub struct FailureDetail {
    kind: Kind,
    cause: String,
    hint: Option<String>,
    command: Option<CommandReport>,
    at: Option<&'static Location<'static>>,
    source: Option<BoxError>,
    /// Whether the events of the run tell it already.
    reported: bool,
}

/// What is known of a command that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CommandReport {
    /// The site on which it ran.
    pub site: String,
    /// The script as it was given.
    pub command: String,
    /// Its exit code, if it exited.
    pub code: Option<i32>,
    /// The signal that ended it, if that is known.
    pub signal: Option<i32>,
    /// The last lines of its standard output, in bytes as they came.
    #[serde(with = "super::bytes")]
    pub stdout: Vec<u8>,
    /// The last lines of its standard error, in bytes as they came.
    #[serde(with = "super::bytes")]
    pub stderr: Vec<u8>,
    /// How long it ran.
    #[serde(rename = "duration_ms", with = "crate::milliseconds")]
    pub duration: Duration,
}

impl CommandReport {
    #[doc(hidden)]
    pub fn new(site: &str, command: &str, duration: Duration) -> Self {
        CommandReport {
            site: site.to_owned(),
            command: command.to_owned(),
            code: None,
            signal: None,
            stdout: Vec::new(),
            stderr: Vec::new(),
            duration,
        }
    }
}

impl Failure {
    /// A failure of this kind: `headline` says what failed and where, `cause` why. Both in lower
    /// case, without a full stop.
    pub fn new(kind: Kind, headline: impl Into<String>, cause: impl Into<String>) -> Self {
        Failure {
            headline: headline.into(),
            detail: Box::new(FailureDetail {
                kind,
                cause: cause.into(),
                hint: None,
                command: None,
                at: None,
                source: None,
                reported: false,
            }),
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.detail.hint = Some(hint.into());
        self
    }

    /// Adds the error below this one.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.detail.source = Some(source.into());
        self
    }

    #[doc(hidden)]
    pub fn with_command(mut self, report: CommandReport) -> Self {
        self.detail.command = Some(report);
        self
    }

    #[doc(hidden)]
    pub fn at(mut self, at: &'static Location<'static>) -> Self {
        self.detail.at.get_or_insert(at);
        self
    }

    /// What was asked for outside of any job has no place in the source.
    #[doc(hidden)]
    pub fn without_place(mut self) -> Self {
        self.detail.at = None;
        self
    }

    #[doc(hidden)]
    pub fn reported(mut self) -> Self {
        self.detail.reported = true;
        self
    }

    /// What sort of failure this is.
    pub fn kind(&self) -> Kind {
        self.detail.kind
    }

    /// What to do about it, if anything is known.
    pub fn hint(&self) -> Option<&str> {
        self.detail.hint()
    }

    /// The particulars.
    pub fn detail(&self) -> &FailureDetail {
        &self.detail
    }

    /// The failed command, if a command failed.
    pub fn command(&self) -> Option<&CommandReport> {
        self.detail.command.as_ref()
    }
}

impl FailureDetail {
    /// What sort of failure this is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What to do about it, if anything is known.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The failed command, if a command failed.
    pub fn command(&self) -> Option<&CommandReport> {
        self.command.as_ref()
    }

    /// The place in the job's source that asked for what failed.
    pub fn at(&self) -> Option<&'static Location<'static>> {
        self.at
    }
}

impl FailureDetail {
    #[doc(hidden)]
    pub fn is_reported(&self) -> bool {
        self.reported
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.headline)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.headline, self.detail.cause)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.detail)
    }
}

impl fmt::Display for FailureDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cause)
    }
}

impl fmt::Debug for FailureDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.kind, self.cause)
    }
}

impl std::error::Error for FailureDetail {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| &**source as _)
    }
}
