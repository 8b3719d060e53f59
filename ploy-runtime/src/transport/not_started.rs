//! Why a command was not started over a connection.

use std::io::ErrorKind;

use tokio::sync::OwnedSemaphorePermit;

use super::line::LONGEST;
use crate::error::{Failure, Kind};

/// Why a command was not started.
pub(super) enum NotStarted {
    /// The server allows no further session on the connection now. The place that was one too many comes back.
    Refused(OwnedSemaphorePermit),
    /// There is no connection any more: nothing has been sent.
    Gone,
    /// It cannot be started, or the connection was lost and what became of the command is not known.
    Failed(Failure),
}

/// Whether the server allows no further session: `Session open refused by peer`, as the master passes it on.
pub(super) fn is_refusal(error: &openssh::Error) -> bool {
    matches!(error, openssh::Error::SshMux(error) if error.to_string().contains("refused by peer"))
}

/// Whether a command did not reach the master: it is gone, or went before it had all that it needs to start anything.
pub(super) fn was_not_sent(error: &openssh::Error) -> bool {
    // A master that goes later ends its answers, which is another error.
    if matches!(error, openssh::Error::Disconnected) {
        return true;
    }
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<std::io::Error>() {
            return error.kind() == ErrorKind::BrokenPipe;
        }
        source = error.source();
    }
    false
}

pub(super) fn too_long(site: &str, length: usize) -> Failure {
    Failure::new(
        Kind::Usage,
        format!("a script of {length} bytes is too long to be run on {site}"),
        format!("a command line holds at most {LONGEST} bytes"),
    )
    .with_hint("write it to a file on the site, or pass data by the standard input")
}
