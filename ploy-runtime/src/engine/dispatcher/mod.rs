//! The decisions of a run, without input or output.
//!
//! [`Dispatcher`] (`dispatcher`) hears a [`Message`] and answers with [`Effect`]s. Its parts are a
//! file each: `start`, `finish`, `retry`, `cancel`, `waits` and `background` say what follows from
//! one kind of message. What it keeps is in `state`.

mod background;
mod cancel;
mod dispatcher;
mod effect;
mod finish;
mod message;
mod retry;
mod start;
mod state;
mod waits;

pub(super) use dispatcher::{Dispatcher, DispatcherOptions};
pub(super) use effect::{ActionStart, Effect, GateStart, Work};
pub(super) use message::{Message, MessageSender};
pub use state::SiteOutcome;
pub(super) use state::{ActionError, Settled, TaskEnd, abandoned};
