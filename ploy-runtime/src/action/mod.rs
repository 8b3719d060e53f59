//! What an action is, and what it is handed.

mod action;
mod action_emitter;
mod blocking;
mod cx;
pub mod panic;
mod run_services;
mod space;

pub use action::{Action, BoxFuture, JobOutput, boxed, finish};
pub(crate) use action_emitter::ActionEmitter;
pub use blocking::Blocking;
pub use cx::Cx;
pub(crate) use cx::Place;
pub(crate) use run_services::{Background, BackgroundStart, RunServices};
pub(crate) use space::Spaces;
pub use space::{Key, Space};
