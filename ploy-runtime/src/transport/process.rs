use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::process::Pid;
use tokio::io::AsyncRead;
use tokio::time::Instant;

use super::reaper::Registration;
use super::there::There;
use super::{Asks, Feed};
use crate::error::Failure;

/// A command that runs, on this machine or another.
///
/// Dropped before it has ended, it is asked to end and killed if it does not: nothing is left behind.
pub(crate) struct Process {
    pub(crate) stdout: Pin<Box<dyn AsyncRead + Send>>,
    pub(crate) stderr: Pin<Box<dyn AsyncRead + Send>>,
    /// What it asks for, if it may.
    pub(crate) asks: Option<Asks>,
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
    leader: Leader,
    registration: Option<Registration>,
    ended: bool,
    /// Whether the command itself ends what it leaves, and nothing is to be told of that.
    is_tidy: bool,
}

/// The process that leads a group.
enum Leader {
    Here(Option<Pid>),
    There(Arc<There>),
    /// Work of this program itself, which looks now and then whether it is to end.
    Task(Arc<AtomicBool>),
}

impl Group {
    /// A group on this machine.
    pub(super) fn here(leader: Option<Pid>, registration: Registration) -> Self {
        Group::new(Leader::Here(leader), registration)
    }

    /// A group on another host.
    pub(super) fn there(there: Arc<There>, registration: Registration) -> Self {
        Group::new(Leader::There(there), registration)
    }

    /// A group of no process: work of this program itself that ends once `should_end` is set.
    pub(crate) fn task(should_end: Arc<AtomicBool>) -> Self {
        Group {
            leader: Leader::Task(should_end),
            registration: None,
            ended: false,
            is_tidy: true,
        }
    }

    fn new(leader: Leader, registration: Registration) -> Self {
        Group {
            leader,
            registration: Some(registration),
            ended: false,
            is_tidy: false,
        }
    }

    /// The same, of a command that ends itself what it leaves, as another user's does: what is found of it at its end may
    /// be no more than what its system has not cleared away yet.
    pub(super) fn tidy(mut self, is_tidy: bool) -> Self {
        self.is_tidy = is_tidy;
        self
    }

    /// Its number, which is the process id of its leader, as far as is known.
    pub(crate) fn id(&self) -> Option<u32> {
        match &self.leader {
            Leader::Here(leader) => u32::try_from((*leader)?.as_raw_nonzero().get()).ok(),
            Leader::There(there) => there.group(),
            Leader::Task(_) => None,
        }
    }

    /// Signals the whole group. Whether the signal could be sent; a group that is gone is no error.
    pub(crate) fn signal(&self, signal: Signal) -> bool {
        if let Leader::Task(should_end) = &self.leader {
            should_end.store(true, Ordering::Relaxed);
            return true;
        }
        if let Leader::Here(Some(leader)) = self.leader {
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

    /// Tells that the command has ended, and all its output has come. Children that it left behind are asked to end too;
    /// whether there were any.
    pub(crate) fn ended(&mut self) -> bool {
        self.ended = true;
        self.registration = None;
        match &self.leader {
            Leader::Here(leader) => leader.is_some_and(|leader| {
                let signal = rustix::process::Signal::TERM;
                rustix::process::kill_process_group(leader, signal).is_ok() && !self.is_tidy
            }),
            Leader::There(there) => there.left_behind(),
            Leader::Task(_) => false,
        }
    }

    /// Waits until nothing is left of a group on this machine, and kills what is left after `patience`.
    pub(crate) async fn clear(&self, patience: Duration) {
        let Leader::Here(Some(leader)) = self.leader else {
            return;
        };
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
