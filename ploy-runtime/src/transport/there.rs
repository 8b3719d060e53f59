//! What is known of a command on another host.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a command's own shell has told of it.
#[derive(Default)]
pub(super) struct There {
    leader: OnceLock<u32>,
    left_behind: AtomicBool,
}

impl There {
    /// The process group in which it runs, which is its shell's process id, once that has told it.
    pub(super) fn group(&self) -> Option<u32> {
        self.leader.get().copied()
    }

    pub(super) fn set_group(&self, leader: u32) {
        // A shell tells it once.
        let _ = self.leader.set(leader);
    }

    /// Whether it left something running in the background, which its shell then ended.
    pub(super) fn left_behind(&self) -> bool {
        self.left_behind.load(Ordering::Relaxed)
    }

    pub(super) fn set_left_behind(&self) {
        self.left_behind.store(true, Ordering::Relaxed);
    }
}
