//! Where what happens in an action is told.

use std::future::Future;
use std::pin::Pin;

use crate::event::EventKind;

/// Takes the events of actions and of their commands.
pub(crate) trait EventSink: Send + Sync {
    /// Tells what happens.
    fn emit(&self, event: EventKind);

    /// Tells what a command put out, and returns when it has been taken.
    fn output(&self, event: EventKind) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}
