use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::io::AsyncRead;
use tokio::time::Instant;

use super::Feed;
use super::reaper::Registration;
use crate::error::Failure;

/// A command that runs, on this machine or another.
///
/// Dropped before it has ended, it is asked to end and killed if it does not: nothing is left behind.
pub(crate) struct Process {
    pub(crate) stdout: Pin<Box<dyn AsyncRead + Send>>,
    pub(crate) stderr: Pin<Box<dyn AsyncRead + Send>>,
    /// Passes on what the command reads, if it reads anything; to be awaited beside the rest.
    pub(crate) feed: Option<Feed>,
    pub(crate) wait: Pin<Box<dyn Future<Output = Result<Exit, Failure>> + Send>>,
    pub(crate) group: Group,
    /// Whether waiting cuts off output that is still on its way: then it is for after the output's end.
    pub(crate) wait_last: bool,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Code(i32),
    /// By a signal, whose number ssh does not tell.
    Signal(Option<i32>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    Term,
    Kill,
}

/// The process group of a command: the command and all its children, unless they left it on purpose.
pub(crate) struct Group {
    /// The leader, if it is on this machine.
    local: Option<rustix::process::Pid>,
    registration: Option<Registration>,
    ended: bool,
}

impl Group {
    pub(super) fn new(
        local: Option<rustix::process::Pid>,
        registration: Option<Registration>,
    ) -> Self {
        Group {
            local,
            registration,
            ended: false,
        }
    }

    /// Signals the whole group. Whether the signal could be sent; a group that is gone is no error.
    pub(crate) fn signal(&self, signal: Signal) -> bool {
        if let Some(leader) = self.local {
            let signal = match signal {
                Signal::Term => rustix::process::Signal::TERM,
                Signal::Kill => rustix::process::Signal::KILL,
            };
            // Fails only if nothing is left of the group.
            let _ = rustix::process::kill_process_group(leader, signal);
            return true;
        }
        match &self.registration {
            Some(registration) => registration.signal(signal),
            None => false,
        }
    }

    /// The process group that is still there though it was killed, as far as is known.
    pub(crate) fn left(&self) -> Option<u32> {
        match (self.local, &self.registration) {
            (Some(leader), _) => u32::try_from(leader.as_raw_nonzero().get()).ok(),
            (None, Some(registration)) => registration.left(),
            (None, None) => None,
        }
    }

    /// Tells that the command has ended. Children that it left behind on this machine are asked to end too;
    /// whether there were any.
    pub(crate) fn ended(&mut self) -> bool {
        self.ended = true;
        self.registration = None;
        self.local.is_some_and(|leader| {
            rustix::process::kill_process_group(leader, rustix::process::Signal::TERM).is_ok()
        })
    }

    /// Waits until nothing is left of a group on this machine, and kills what is left after `patience`.
    pub(crate) async fn clear(&self, patience: Duration) {
        let Some(leader) = self.local else { return };
        let limit = Instant::now() + patience;
        while rustix::process::test_kill_process_group(leader).is_ok() {
            if Instant::now() > limit {
                self.signal(Signal::Kill);
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // A registration that is dropped ends its command; without one there is no gentler way.
        if !self.ended && self.registration.is_none() {
            self.signal(Signal::Kill);
        }
    }
}
