//! What could not be done on this machine for a command that runs.

use std::io;

/// What was being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum IoOperation {
    #[error("read the input")]
    ReadInput,
    #[error("write the output")]
    WriteStdout,
    #[error("write the standard error")]
    WriteStderr,
    #[error("write the log")]
    WriteLog,
}

/// Why a command cannot go on.
#[derive(Debug, thiserror::Error)]
#[error("cannot {operation}")]
pub(super) struct CommandIoError {
    pub(super) operation: IoOperation,
    pub(super) source: io::Error,
}

impl IoOperation {
    /// The error of this operation.
    pub(super) fn failed(self, source: io::Error) -> CommandIoError {
        CommandIoError {
            operation: self,
            source,
        }
    }
}
