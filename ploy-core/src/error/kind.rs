//! The sorts of errors, by which exit codes are chosen.

use serde::{Deserialize, Serialize};

/// What sort of thing went wrong; decides the exit code and what a caller may try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// A command ended with a status other than 0, or by a signal.
    Command,
    /// The site could not be reached, or its connection was lost.
    Unreachable,
    /// The site was reached and refused the login.
    Auth,
    /// sudo wants a password on the site, and there is none, or only wrong ones.
    Password,
    /// The site's host key is unknown or has changed.
    HostKey,
    /// Files could not be moved.
    Transfer,
    /// Something took longer than it was allowed to.
    Timeout,
    /// Actions wait for each other, and none of them can go on.
    Deadlock,
    /// The run was cancelled.
    Cancelled,
    /// Something was asked for that does not make sense: a missing setting, a value that cannot be
    /// quoted.
    Usage,
    /// The topology or the catalogue contradicts itself.
    Unsound,
    /// Anything else: the job's own errors.
    Other,
}

impl Kind {
    /// Whether the site itself is the trouble, rather than the work done there.
    pub fn is_unreachable(self) -> bool {
        matches!(self, Kind::Unreachable | Kind::Auth | Kind::HostKey)
    }
}
