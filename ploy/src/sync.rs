//! What actions of one run wait for: locks, queues, latches and barriers.

pub use ploy_runtime::sync::{Barrier, Latch, Lock, LockGuard, Passed, Queue};
