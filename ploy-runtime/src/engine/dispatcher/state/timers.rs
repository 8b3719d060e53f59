//! The moments that the dispatcher waits for.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use tokio::time::Instant;

use crate::event::{ActionId, StageId};
use crate::plan::NodeId;
use crate::shell::CancelLevel;

/// What a moment stands for. One that is out of date when it comes is passed over by whoever it was
/// set for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine::dispatcher) enum Timer {
    /// A try of an action has run as long as it may.
    Action { action: ActionId, attempt: u32 },
    /// A task has run as long as it may.
    Task { stage: StageId, node: NodeId },
    /// A try of an action that was told to end, this firmly, has not, and is told so more firmly.
    Press {
        action: ActionId,
        attempt: u32,
        level: CancelLevel,
    },
    /// An action that failed is tried again.
    Retry { action: ActionId, attempt: u32 },
    /// All actions have waited for each other since the epoch of this number.
    Stalled { epoch: u64 },
    /// Work in the background has had the time it is given after the end of the schedule.
    Background,
    /// The schedule of a cancelled run has had the time it is given.
    Schedule,
}

/// All moments that the dispatcher waits for.
#[derive(Debug, Default)]
pub(in crate::engine::dispatcher) struct Timers {
    heap: BinaryHeap<Reverse<(Instant, u64, Timer)>>,
    set: u64,
}

impl Timers {
    /// Sets a moment that comes so long after `now`. One that is too far away to be told never
    /// comes.
    pub(in crate::engine::dispatcher) fn set(
        &mut self,
        now: Instant,
        after: Duration,
        timer: Timer,
    ) {
        if let Some(at) = now.checked_add(after) {
            self.set += 1;
            self.heap.push(Reverse((at, self.set, timer)));
        }
    }

    /// The next moment.
    pub(in crate::engine::dispatcher) fn next(&self) -> Option<Instant> {
        self.heap.peek().map(|Reverse((at, ..))| *at)
    }

    /// What the moments up to `now` stand for, the earliest first.
    pub(in crate::engine::dispatcher) fn pop(&mut self, now: Instant) -> Option<Timer> {
        if self.next()? > now {
            return None;
        }
        self.heap.pop().map(|Reverse((.., timer))| timer)
    }
}
