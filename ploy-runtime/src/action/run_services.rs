//! What a run does for its actions.

use std::future::Future;
use std::pin::Pin;

use super::{BoxFuture, Cx, Spaces};
use crate::event::{ActionId, EventKind};
use crate::secret::{Consent, Passwords};
use crate::sync::SyncClient;
use crate::topology::Site;
use crate::transport::Transport;

/// What a run does for the actions in it.
pub(crate) trait RunServices: SyncClient {
    /// Tells what happens.
    fn emit(&self, event: EventKind);

    /// Tells what a command put out, and returns when it has been taken.
    fn output(&self, event: EventKind) -> Pin<Box<dyn Future<Output = ()> + Send>>;

    /// The way to a site.
    fn transport(&self, site: &Site) -> Transport;

    /// The way to this machine.
    fn local(&self) -> Transport;

    /// The sudo passwords of the run.
    fn passwords(&self) -> &Passwords;

    /// Who answers questions.
    fn consent(&self) -> Consent;

    /// Starts work in the background, unless the run is being cancelled.
    fn background(&self, parent: ActionId, background: Background);

    /// What the actions of the run share.
    fn spaces(&self) -> &Spaces;
}

/// What background work does, given a context of its own.
pub(crate) type BackgroundStart = Box<dyn FnOnce(Cx) -> BoxFuture + Send>;

/// Work in the background, about to be started.
pub(crate) struct Background {
    pub(crate) name: String,
    pub(crate) place: super::Place,
    pub(crate) start: BackgroundStart,
}
