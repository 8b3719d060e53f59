//! Why a command was not started over a connection, and what the errors of the ssh master mean.

use std::io::ErrorKind;

use rustix::io::Errno;
use tokio::sync::OwnedSemaphorePermit;

use crate::error::{Failure, Kind};
use crate::transport::command_line::MAX_COMMAND_LINE;

/// Why a command was not started.
pub(super) enum StartError {
    /// The server allows no further session on the connection now. The permit for the session that
    /// was one too many comes back.
    SessionRefused(OwnedSemaphorePermit),
    /// The connection is lost, and nothing was sent over it.
    ConnectionGone,
    /// The command cannot be started, or the connection was lost and the command's fate is not
    /// known.
    Failed(Failure),
}

/// Whether the server allows no further session: `Session open refused by peer`, as the master has
/// it.
pub(super) fn is_refusal(error: &openssh::Error) -> bool {
    matches!(error, openssh::Error::SshMux(error) if error.to_string().contains("refused by peer"))
}

/// Whether a command did not reach the master: it is gone, or went before it had all that it needs
/// to start anything.
pub(super) fn was_not_sent(error: &openssh::Error) -> bool {
    // A master that goes later ends its answers, which is another error.
    if matches!(error, openssh::Error::Disconnected) {
        return true;
    }
    io_error(error).is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}

/// Whether this machine has no file descriptor left for a command's streams (EMFILE, ENFILE).
pub(super) fn is_out_of_files(error: &openssh::Error) -> bool {
    let code = io_error(error).and_then(std::io::Error::raw_os_error);
    let out_of_files = [Errno::MFILE, Errno::NFILE];
    code.is_some_and(|code| {
        out_of_files
            .iter()
            .any(|errno| errno.raw_os_error() == code)
    })
}

/// The failure of a command for which this machine has no file descriptor left.
pub(super) fn out_of_files(site: &str, error: &openssh::Error) -> Failure {
    Failure::new(
        Kind::Other,
        format!("cannot start anything on {site}: this machine can open no more files"),
        out_of_files_cause(error),
    )
    .with_hint("raise the limit (`ulimit -Hn`), or run on fewer sites at a time (`--fanout`)")
}

/// What the system itself says when no file descriptor is left.
pub(super) fn out_of_files_cause(error: &openssh::Error) -> String {
    io_error(error).map_or_else(|| error.to_string(), ToString::to_string)
}

/// The failure of a script that is too long for a command line.
pub(super) fn too_long(site: &str, length: usize) -> Failure {
    Failure::new(
        Kind::Usage,
        format!("a script of {length} bytes is too long to be run on {site}"),
        format!("a command line holds at most {MAX_COMMAND_LINE} bytes"),
    )
    .with_hint("write it to a file on the site, or pass data by the standard input")
}

fn io_error(error: &openssh::Error) -> Option<&std::io::Error> {
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref() {
            return Some(error);
        }
        source = error.source();
    }
    None
}
