//! What keeps a command from doing what it was asked to do.

use ploy_core::error::{Error, Kind, Problem};

use crate::exit::ExitStatus;

/// An error of the command line. [`report`](crate::report::report) prints it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// The words do not parse, or ask for help or the version.
    #[error("{error}")]
    Words {
        error: clap::Error,
        /// Where the value came from, if not from the command line.
        note: Option<String>,
    },
    /// The command line, the catalogue or the topology is wrong, or nothing matched.
    #[error("{}", lines(.0))]
    Usage(Vec<Problem>),
    /// The command failed, though the command line is right.
    #[error("{}", lines(.0))]
    Failed(Vec<Problem>),
    /// The function that adds sites and jobs failed.
    #[error("the setup failed, so nothing was run")]
    Setup(Error),
    /// There is no password for sudo; `consequence` says what was not done.
    #[error("there is no password for sudo, so {consequence}")]
    Password {
        consequence: &'static str,
        cause: Error,
        /// Whether sudo refused the password.
        is_refused: bool,
    },
    /// There is no connection for a shell.
    #[error("cannot open a shell on {site}")]
    NoConnection { site: String, cause: Error },
    /// The program of a shell cannot be run.
    #[error("cannot run `{program}`: {error}")]
    Exec {
        program: String,
        error: std::io::Error,
    },
    /// The system refuses something, as `what` says.
    #[error("{what}: {error}")]
    System {
        what: &'static str,
        error: std::io::Error,
    },
}

impl CliError {
    /// The code with which the program ends.
    pub(crate) fn exit_status(&self) -> ExitStatus {
        match self {
            // Help and version are no errors.
            CliError::Words { error, .. } if !error.use_stderr() => ExitStatus::OK,
            CliError::Words { .. } | CliError::Usage(_) => ExitStatus::USAGE,
            // A list of sites that is wrong is as wrong as one in the source.
            CliError::Setup(error) if matches!(error.kind(), Kind::Usage | Kind::Unsound) => {
                ExitStatus::USAGE
            }
            CliError::Setup(_) | CliError::Failed(_) | CliError::System { .. } => {
                ExitStatus::FAILED
            }
            CliError::Password {
                is_refused: true, ..
            } => ExitStatus::PREFLIGHT,
            CliError::Password { .. } => ExitStatus::USAGE,
            CliError::NoConnection { .. } | CliError::Exec { .. } => ExitStatus::NO_CONNECTION,
        }
    }
}

impl From<Vec<Problem>> for CliError {
    fn from(problems: Vec<Problem>) -> Self {
        CliError::Usage(problems)
    }
}

impl From<Problem> for CliError {
    fn from(problem: Problem) -> Self {
        CliError::Usage(vec![problem])
    }
}

/// All problems, each on a line.
fn lines(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ploy_core::error::Failure;

    #[test]
    fn each_error_has_its_code() {
        let cause = || Error::from(Failure::new(Kind::Auth, "no", "no"));
        let password = |is_refused| CliError::Password {
            consequence: "nothing was run",
            cause: cause(),
            is_refused,
        };
        let system = || std::io::Error::from(std::io::ErrorKind::NotFound);
        for (error, code) in [
            (CliError::from(Problem::new("no such job")), 2),
            (CliError::Failed(vec![Problem::new("still there")]), 1),
            (password(false), 2),
            (password(true), 6),
            (
                CliError::NoConnection {
                    site: "web1".to_owned(),
                    cause: cause(),
                },
                255,
            ),
            (
                CliError::Exec {
                    program: "ssh".to_owned(),
                    error: system(),
                },
                255,
            ),
            (
                CliError::System {
                    what: "cannot start",
                    error: system(),
                },
                1,
            ),
        ] {
            assert_eq!(error.exit_status().code(), code, "{error}");
        }
    }
}
