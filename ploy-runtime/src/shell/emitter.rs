//! Receives the events of a shell or an action.

use std::future::Future;
use std::pin::Pin;

use crate::event::{ActionId, CommandId, EventKind, Stream};

/// Receives the events of a shell or an action.
pub(crate) trait Emitter: Send + Sync {
    /// Reports an event.
    fn emit(&self, event: EventKind);

    /// Reports a command's output, and returns when that was taken: a slow reader slows this
    /// command alone.
    fn output(
        &self,
        command: CommandId,
        stream: Stream,
        bytes: Vec<u8>,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;

    /// The number of the action, for the events.
    fn action(&self) -> ActionId;

    /// A number for the next command.
    fn next_command(&self) -> CommandId;
}

/// The emitter of a shell that stands alone: it drops everything.
pub(crate) struct SilentEmitter;

impl Emitter for SilentEmitter {
    fn emit(&self, _: EventKind) {}

    fn output(
        &self,
        _: CommandId,
        _: Stream,
        _: Vec<u8>,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(std::future::ready(()))
    }

    fn action(&self) -> ActionId {
        ActionId(0)
    }

    fn next_command(&self) -> CommandId {
        CommandId(0)
    }
}
