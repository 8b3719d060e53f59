//! Why a person could not be asked.

use std::io;

use rustix::io::Errno;

/// Why a person could not be asked, or has not answered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PromptError {
    #[error("there is no terminal to ask on: {0}")]
    NoTerminal(#[source] io::Error),
    #[error("this runs in the background of its terminal")]
    Background,
    /// The modes of the terminal could not be read or set.
    #[error("{0}")]
    Modes(#[from] Errno),
    #[error("the terminal was closed, or nothing was typed before its end")]
    Closed,
    #[error("the question was broken off")]
    Interrupted,
}
