//! Coordination by name between the actions of a run: locks, queues, latches, barriers.
//!
//! All state is in one `Table`, which belongs to the dispatcher of the run: nothing here is shared,
//! and what happens depends only on the order in which requests are heard. Actions have handles,
//! and send requests over a `SyncClient`.

mod ask;
mod barrier;
mod latch;
mod lock;
mod passed;
mod queue;
mod request;
mod sync_client;
mod table;

pub use barrier::Barrier;
pub use latch::Latch;
pub use lock::{Lock, LockGuard};
pub use passed::Passed;
pub use queue::Queue;
pub(crate) use request::Request;
pub(crate) use sync_client::SyncClient;
pub(crate) use table::{Requester, Scope, Table};

#[cfg(test)]
mod testing;
