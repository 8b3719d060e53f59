//! Tells what the commands of an action do.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::event_sink::EventSink;
use crate::event::{ActionId, CommandId, EventKind, Stream};
use crate::shell::Emitter;

/// Tells what the commands of an action do.
pub(crate) struct ActionEmitter {
    sink: Arc<dyn EventSink>,
    action: ActionId,
    commands: AtomicU32,
}

impl ActionEmitter {
    /// For an action whose last command had this number, if it has had one.
    pub(crate) fn new(
        sink: Arc<dyn EventSink>,
        action: ActionId,
        last_command: Option<CommandId>,
    ) -> Self {
        ActionEmitter {
            sink,
            action,
            commands: AtomicU32::new(last_command.map_or(0, |last| last.0)),
        }
    }
}

impl Emitter for ActionEmitter {
    fn emit(&self, event: EventKind) {
        self.sink.emit(event);
    }

    fn output(
        &self,
        command: CommandId,
        stream: Stream,
        bytes: Vec<u8>,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.sink.output(EventKind::Output {
            action: self.action,
            command,
            stream,
            bytes,
        })
    }

    fn action(&self) -> ActionId {
        self.action
    }

    fn next_command(&self) -> CommandId {
        CommandId(self.commands.fetch_add(1, Ordering::Relaxed) + 1)
    }
}
