//! What an action asks of the table.

use std::any::{Any, TypeId, type_name};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::oneshot;

use super::passed::Passed;
use crate::error::Failure;

/// What an action asks of the table. Made by the handles, read by the table, carried by the engine.
pub(crate) struct Request(pub(super) Ask);

impl Request {
    /// Whether it gives something back: a wait that is dropped, or what was granted to it.
    pub(crate) fn is_withdrawal(&self) -> bool {
        matches!(self.0, Ask::Withdraw { .. })
    }
}

/// The name of a lock, a queue, a latch or a barrier.
pub(super) type Name = Arc<str>;

/// A value of a queue, on its way.
pub(super) type Value = Box<dyn Any + Send>;

/// Where an answer goes.
pub(super) type Reply<T> = oneshot::Sender<Answer<T>>;

/// What came of a request.
pub(super) struct Answer<T> {
    /// Whether it had to wait, so that the action has given up its place to run.
    pub(super) waited: bool,
    pub(super) result: Result<T, Failure>,
}

/// A request that can be taken back, and later what was granted to it. Unique in the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ticket(u64);

impl Ticket {
    pub(super) fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Ticket(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

pub(super) enum Ask {
    Acquire {
        lock: Name,
        ticket: Ticket,
        reply: Reply<()>,
    },
    TryAcquire {
        lock: Name,
        ticket: Ticket,
        reply: Reply<bool>,
    },
    Owner {
        lock: Name,
        reply: oneshot::Sender<Option<String>>,
    },
    Push {
        queue: Name,
        shape: Shape,
        value: Value,
        ticket: Ticket,
        reply: Reply<()>,
    },
    Pop {
        queue: Name,
        shape: Shape,
        ticket: Ticket,
        reply: Reply<Option<QueuedValue>>,
    },
    Close {
        queue: Name,
        shape: Shape,
    },
    Fire {
        latch: Name,
    },
    IsFired {
        latch: Name,
        reply: oneshot::Sender<bool>,
    },
    WaitLatch {
        latch: Name,
        ticket: Ticket,
        reply: Reply<()>,
    },
    Arrive {
        barrier: Name,
        ticket: Ticket,
        reply: Reply<Passed>,
    },
    /// Ends the wait of this ticket, or undoes what was granted to it.
    Withdraw {
        subject: Subject,
        ticket: Ticket,
        /// A value that was on its way and has not been taken.
        parcel: Option<QueuedValue>,
    },
}

/// A value of a queue and its rank there, to find its place again if it comes back.
pub(super) struct QueuedValue {
    pub(super) rank: u64,
    pub(super) value: Value,
}

/// What the first use of a queue fixes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) capacity: usize,
    id: TypeId,
    of: &'static str,
}

impl Shape {
    pub(super) fn new<T: 'static>(capacity: usize) -> Self {
        Shape {
            capacity,
            id: TypeId::of::<T>(),
            of: type_name::<T>(),
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} with a capacity of {}", self.of, self.capacity)
    }
}

/// What a request is about.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub(super) primitive: Primitive,
    pub(super) name: Name,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Primitive {
    Lock,
    Queue,
    Latch,
    Barrier,
}

impl fmt::Display for Primitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Primitive::Lock => "lock",
            Primitive::Queue => "queue",
            Primitive::Latch => "latch",
            Primitive::Barrier => "barrier",
        })
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} `{}`", self.primitive, self.name)
    }
}
