//! What an action is, and what it is handed: an [`Action`] (`action`) is a function of a [`Cx`]
//! (`cx`), which stands for its state (`action_state`). What jobs share is in `space`; what a
//! function may return in `job_output`; `event_sink` and `action_emitter` tell what happens, and
//! `blocking` serves functions that are not asynchronous.

mod action;
mod action_emitter;
mod action_state;
mod blocking;
mod cx;
mod event_sink;
mod job_output;
pub mod panic;
mod space;

pub use action::Action;
pub(crate) use action_emitter::ActionEmitter;
pub(crate) use action_state::{ActionState, Background, BackgroundStart, Place, RunServices};
pub use blocking::Blocking;
pub use cx::Cx;
pub(crate) use event_sink::EventSink;
pub use job_output::{BoxFuture, JobOutput, boxed, finish};
pub(crate) use space::Spaces;
pub use space::{Key, Space};
