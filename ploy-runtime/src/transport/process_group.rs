//! The process group of a running command.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::process::Pid;
use tokio::time::Instant;

use super::guard::{Registration, RemoteState, Signal};

/// How often is looked whether a group is gone.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// The process group of a command: the command and all its children, unless they left it on
/// purpose.
pub(crate) struct ProcessGroup {
    leader: Leader,
    registration: Option<Registration>,
    has_ended: bool,
    ends_leftovers: bool,
}

/// The process that leads a group.
enum Leader {
    /// On this machine; `None` if its process id is not known.
    Local(Option<Pid>),
    /// On another host.
    Remote(Arc<RemoteState>),
    /// None: work of this program itself, which looks now and then whether it is to end.
    Task(Arc<AtomicBool>),
}

impl ProcessGroup {
    /// A group on this machine. A command that another user runs ends its own leftovers
    /// (`ends_leftovers`): what is found of it at its end may only be processes that nobody has
    /// waited for yet, so it is not reported.
    pub(super) fn local(
        leader: Option<Pid>,
        registration: Registration,
        ends_leftovers: bool,
    ) -> Self {
        ProcessGroup {
            leader: Leader::Local(leader),
            registration: Some(registration),
            has_ended: false,
            ends_leftovers,
        }
    }

    /// A group on another host.
    pub(super) fn remote(state: Arc<RemoteState>, registration: Registration) -> Self {
        ProcessGroup {
            leader: Leader::Remote(state),
            registration: Some(registration),
            has_ended: false,
            ends_leftovers: true,
        }
    }

    /// A group of no process: work of this program itself that ends once `should_end` is set.
    pub(crate) fn task(should_end: Arc<AtomicBool>) -> Self {
        ProcessGroup {
            leader: Leader::Task(should_end),
            registration: None,
            has_ended: false,
            ends_leftovers: true,
        }
    }

    /// Its number, which is the process id of its leader, as far as that is known.
    pub(crate) fn id(&self) -> Option<u32> {
        match &self.leader {
            Leader::Local(leader) => u32::try_from((*leader)?.as_raw_nonzero().get()).ok(),
            Leader::Remote(state) => state.group_id(),
            Leader::Task(_) => None,
        }
    }

    /// Signals the whole group. Returns whether the signal could be sent; a group that is gone is
    /// no error.
    pub(crate) fn signal(&self, signal: Signal) -> bool {
        if let Leader::Task(should_end) = &self.leader {
            should_end.store(true, Ordering::Relaxed);
            return true;
        }
        if let Leader::Local(Some(leader)) = self.leader {
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

    /// Notes that the command has ended and all its output has come. Children that it left behind
    /// are told to end too. Returns whether there were any to report.
    pub(crate) fn end(&mut self) -> bool {
        self.has_ended = true;
        self.registration = None;
        match &self.leader {
            Leader::Local(leader) => leader.is_some_and(|leader| {
                let signal = rustix::process::Signal::TERM;
                rustix::process::kill_process_group(leader, signal).is_ok() && !self.ends_leftovers
            }),
            Leader::Remote(state) => state.has_leftovers(),
            Leader::Task(_) => false,
        }
    }

    /// Waits until nothing is left of a group on this machine, and kills what is left after
    /// `patience`.
    pub(crate) async fn wait_until_gone(&self, patience: Duration) {
        let Leader::Local(Some(leader)) = self.leader else {
            return;
        };
        let limit = Instant::now() + patience;
        while rustix::process::test_kill_process_group(leader).is_ok() {
            if Instant::now() > limit {
                self.signal(Signal::Kill);
                return;
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        // A registration that is dropped ends its command; without one there is no gentler way.
        if !self.has_ended && self.registration.is_none() {
            self.signal(Signal::Kill);
        }
    }
}
