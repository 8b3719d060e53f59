use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::Host;
use crate::event::{EventKind, Stream};
use crate::shell::Emitter;

/// Tells what the commands of an action do.
pub(crate) struct Teller {
    host: Arc<dyn Host>,
    action: u32,
    commands: AtomicU32,
}

impl Teller {
    /// For an action whose last command had this number; 0 if it has had none.
    pub(crate) fn new(host: Arc<dyn Host>, action: u32, last_command: u32) -> Self {
        Teller {
            host,
            action,
            commands: AtomicU32::new(last_command),
        }
    }
}

impl Emitter for Teller {
    fn emit(&self, event: EventKind) {
        self.host.emit(event);
    }

    fn output(
        &self,
        command: u32,
        stream: Stream,
        bytes: Vec<u8>,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.host.output(EventKind::Output {
            action: self.action.into(),
            command: command.into(),
            stream,
            bytes,
        })
    }

    fn action(&self) -> u32 {
        self.action
    }

    fn next_command(&self) -> u32 {
        self.commands.fetch_add(1, Ordering::Relaxed) + 1
    }
}
