//! What an action is, and what it is handed.

mod action;
mod blocking;
mod cx;

pub use action::{Action, BoxFuture, JobOutput, boxed, finish};
pub use blocking::Blocking;
pub use cx::Cx;
pub(crate) use cx::Place;
