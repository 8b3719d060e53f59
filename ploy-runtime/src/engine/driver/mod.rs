//! What the dispatcher decides is done here: [`run`](driver::run) listens, waits for moments, and
//! carries effects out; `executor` runs one action; `reporting` hands events to the reporters on a
//! thread of their own.

mod clock;
mod driver;
mod executor;
mod reporting;

pub use clock::now;
pub(super) use driver::run;
pub(super) use reporting::Reporting;
