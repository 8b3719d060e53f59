//! What is known of a command on another host.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a command's own shell has told of the command.
pub(crate) struct RemoteState {
    /// The line that the shell prints on its standard error if the command left something in the
    /// background. It has a random number in it, so that no command prints it by itself.
    pub(crate) leftover_notice: String,
    group_id: OnceLock<u32>,
    has_leftovers: AtomicBool,
}

impl RemoteState {
    /// A command of which nothing is known yet.
    pub(crate) fn new() -> Self {
        let random = getrandom::u64().unwrap_or_default();
        RemoteState {
            leftover_notice: format!(
                "[ploy {random:016x}] told to end what was left running in the background\n"
            ),
            group_id: OnceLock::new(),
            has_leftovers: AtomicBool::new(false),
        }
    }

    /// The process group in which it runs, which is its shell's process id, once the shell has told
    /// it.
    pub(crate) fn group_id(&self) -> Option<u32> {
        self.group_id.get().copied()
    }

    pub(crate) fn set_group_id(&self, id: u32) {
        // A shell tells it once.
        let _ = self.group_id.set(id);
    }

    /// Whether it left something running in the background, which its shell then ended.
    pub(crate) fn has_leftovers(&self) -> bool {
        self.has_leftovers.load(Ordering::Relaxed)
    }

    pub(crate) fn set_has_leftovers(&self) {
        self.has_leftovers.store(true, Ordering::Relaxed);
    }
}
