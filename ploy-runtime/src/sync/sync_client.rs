//! The way from the actions of a run to the table of its locks, queues, latches and barriers.

use tokio::sync::oneshot;

use super::request::Request;
use crate::event::ActionId;

/// The way from the actions of a run to whoever owns its [`Table`](super::Table).
pub(crate) trait SyncClient: Send + Sync {
    /// Hands a request to whoever owns the table. Requests of one action arrive in the order in
    /// which they are sent.
    fn send(&self, action: ActionId, request: Request);

    /// Asks for the action's place to run back, after a wait that had given it up. Resolves when it
    /// has one, or when the run is being cancelled.
    fn resume(&self, action: ActionId) -> oneshot::Receiver<()>;
}
