//! The state behind the names: a plain state machine, without tasks, threads or time.

mod barriers;
mod deadlock;
mod latches;
mod line;
mod lock_cycle;
mod locks;
mod queues;
mod requester;
mod table;
mod tally;
mod wait;

pub(crate) use requester::{Requester, Scope};
pub(crate) use table::Table;
pub(crate) use wait::Wait;
