//! What actions wait for.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::CommandId;

/// What an action waits for until another action of its run does something, by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "target", content = "name", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum WaitTarget {
    /// A lock that another action has.
    Lock(String),
    /// Room in a queue that is full.
    QueueRoom(String),
    /// A value in a queue that is empty.
    QueueValue(String),
    /// A latch that has not been fired.
    Latch(String),
    /// The others at a barrier.
    Barrier(String),
}

impl WaitTarget {
    /// The name of the lock, queue, latch or barrier.
    pub fn name(&self) -> &str {
        match self {
            WaitTarget::Lock(name)
            | WaitTarget::QueueRoom(name)
            | WaitTarget::QueueValue(name)
            | WaitTarget::Latch(name)
            | WaitTarget::Barrier(name) => name,
        }
    }

    /// The name, to be changed.
    pub(super) fn name_mut(&mut self) -> &mut String {
        match self {
            WaitTarget::Lock(name)
            | WaitTarget::QueueRoom(name)
            | WaitTarget::QueueValue(name)
            | WaitTarget::Latch(name)
            | WaitTarget::Barrier(name) => name,
        }
    }
}

/// In words: ``the lock `deploy` ``.
impl fmt::Display for WaitTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WaitTarget::Lock(name) => write!(f, "the lock `{name}`"),
            WaitTarget::QueueRoom(name) => write!(f, "room in the queue `{name}`"),
            WaitTarget::QueueValue(name) => write!(f, "a value in the queue `{name}`"),
            WaitTarget::Latch(name) => write!(f, "the latch `{name}`"),
            WaitTarget::Barrier(name) => write!(f, "the others at the barrier `{name}`"),
        }
    }
}

/// From what nothing has come for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "source", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SilentSource {
    /// The host of the action's site, which is not connected yet.
    Connection {
        /// The host, as the site has it.
        host: String,
    },
    /// A command, or a transfer.
    Command {
        /// Its number.
        command: CommandId,
        /// Its script, or what is done, in words.
        script: String,
    },
}

/// In words: "the connection to web1", or the script.
impl fmt::Display for SilentSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SilentSource::Connection { host } => write!(f, "the connection to {host}"),
            SilentSource::Command { script, .. } => f.write_str(script),
        }
    }
}
