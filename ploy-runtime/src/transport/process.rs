//! A command that runs, on this machine or on another host.

use std::pin::Pin;

use tokio::io::AsyncRead;

use super::askpass::AskpassRequests;
use super::input::InputFeed;
use super::process_group::ProcessGroup;
use crate::error::Failure;

/// A command that runs.
///
/// Dropped before it has ended, it is told to end, and killed if it does not: nothing is left
/// behind.
pub(crate) struct Process {
    pub(crate) stdout: Pin<Box<dyn AsyncRead + Send>>,
    pub(crate) stderr: Pin<Box<dyn AsyncRead + Send>>,
    /// What it asks for, if it may.
    pub(crate) requests: Option<AskpassRequests>,
    /// Passes on what the command reads, if it reads anything; to be polled beside the rest.
    pub(crate) feed: Option<InputFeed>,
    pub(crate) wait: Pin<Box<dyn Future<Output = Result<Exit, Failure>> + Send>>,
    pub(crate) group: ProcessGroup,
    /// Whether waiting discards output that is still on its way: the streams must then be read to
    /// their end before `wait` is polled.
    pub(crate) must_drain_first: bool,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// With this exit status.
    Code(i32),
    /// By a signal, whose number ssh does not tell.
    Signal(Option<i32>),
}
