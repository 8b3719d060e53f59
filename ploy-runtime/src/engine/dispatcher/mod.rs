//! The decisions of a run, without input or output.
//!
//! [`Dispatcher`] (`dispatcher`) hears a [`Message`] and answers with [`Effect`]s. Its parts are a file each:
//! `start`, `finish`, `retry`, `cancel`, `waits` and `background` say what follows from one kind of message. What it
//! keeps is in `running_stage`, `running_action`, `fanout_slots`, `timers` and `phase`; what a stage comes to is in
//! `settled` and `site_outcome`.

mod background;
mod cancel;
mod dispatcher;
mod effect;
mod fanout_slots;
mod finish;
mod lateness;
mod message;
mod phase;
mod retry;
mod running_action;
mod running_stage;
mod settled;
mod site_outcome;
mod start;
mod timers;
mod verdict;
mod waits;

pub(super) use dispatcher::{Dispatcher, DispatcherOptions};
pub(super) use effect::{ActionStart, Effect, GateStart, Work};
pub(super) use lateness::abandoned;
pub(super) use message::{Message, MessageSender};
pub(super) use settled::{ActionError, Settled, TaskEnd};
pub use site_outcome::SiteOutcome;
