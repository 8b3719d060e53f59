//! What is known of a command on another host.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a command's own shell has told of it.
pub(crate) struct There {
    /// What it says on its standard error if it left something in the background: no command says that itself.
    pub(crate) line: String,
    leader: OnceLock<u32>,
    left_behind: AtomicBool,
}

impl There {
    /// A command of which nothing is known yet.
    pub(crate) fn new() -> Self {
        let random = getrandom::u64().unwrap_or_default();
        There {
            line: format!(
                "[ploy {random:016x}] told to end what was left running in the background\n"
            ),
            leader: OnceLock::new(),
            left_behind: AtomicBool::new(false),
        }
    }

    /// The process group in which it runs, which is its shell's process id, once that has told it.
    pub(crate) fn group(&self) -> Option<u32> {
        self.leader.get().copied()
    }

    pub(crate) fn set_group(&self, leader: u32) {
        // A shell tells it once.
        let _ = self.leader.set(leader);
    }

    /// Whether it left something running in the background, which its shell then ended.
    pub(crate) fn left_behind(&self) -> bool {
        self.left_behind.load(Ordering::Relaxed)
    }

    pub(crate) fn set_left_behind(&self) {
        self.left_behind.store(true, Ordering::Relaxed);
    }
}
