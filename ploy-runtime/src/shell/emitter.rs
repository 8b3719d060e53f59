//! Receives the events of a shell or an action.

use std::future::Future;
use std::pin::Pin;

use crate::event::{EventKind, Stream};

/// Receives the events of a shell or an action.
pub(crate) trait Emitter: Send + Sync {
    /// Reports an event.
    fn emit(&self, event: EventKind);

    /// Reports a command's output, and returns when that was taken: a slow reader slows this
    /// command alone.
    fn output(
        &self,
        command: u32,
        stream: Stream,
        bytes: Vec<u8>,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;

    /// The number of the action, for the events.
    fn action(&self) -> u32;

    /// A number for the next command.
    fn next_command(&self) -> u32;
}

/// The emitter of a shell that stands alone: it drops everything.
pub(crate) struct SilentEmitter;

impl Emitter for SilentEmitter {
    fn emit(&self, _: EventKind) {}

    fn output(
        &self,
        _: u32,
        _: Stream,
        _: Vec<u8>,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(std::future::ready(()))
    }

    fn action(&self) -> u32 {
        0
    }

    fn next_command(&self) -> u32 {
        0
    }
}
