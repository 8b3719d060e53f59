//! What all parts of a run share.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::oneshot;

use super::Catalogue;
use super::batch::StepPrompt;
use super::dispatcher::{Message, MessageSender};
use crate::action::{Background, EventSink, RunServices, Spaces};
use crate::catalogue::Arguments;
use crate::event::{ActionId, BatchId, EventKind, StageId};
use crate::secret::{Consent, Passwords};
use crate::sync::{Request, SyncClient};
use crate::topology::{Site, Topology};
use crate::transport::{ConnectionPool, Transport};

/// What all parts of a run share.
pub(super) struct Context {
    pub(super) batch: BatchId,
    pub(super) topology: Arc<Topology>,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) pool: ConnectionPool,
    pub(super) dispatcher: MessageSender,
    /// The number of the last stage.
    pub(super) last_stage: AtomicU32,
    pub(super) spaces: Spaces,
    pub(super) passwords: Passwords,
    pub(super) consent: Consent,
    /// Who says whether a stage is to run, if that is asked.
    pub(super) step_prompt: Option<StepPrompt>,
    /// What the schedule is given for its parameters.
    pub(super) arguments: Arguments,
}

impl Context {
    /// A number for another stage.
    pub(super) fn next_stage(&self) -> StageId {
        StageId(self.last_stage.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

impl EventSink for Context {
    fn emit(&self, event: EventKind) {
        self.dispatcher.send(Message::Emit(event));
    }

    fn output(&self, event: EventKind) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let (taken, wait) = oneshot::channel();
        self.dispatcher.send(Message::Output { event, taken });
        Box::pin(async move {
            // Dropped is taken.
            let _ = wait.await;
        })
    }
}

impl RunServices for Context {
    fn transport(&self, site: &Site) -> Transport {
        self.pool.transport(site)
    }

    fn local(&self) -> Transport {
        self.pool.local()
    }

    fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    fn consent(&self) -> Consent {
        self.consent
    }

    fn background(&self, parent: ActionId, background: Background) {
        self.dispatcher
            .send(Message::Background { parent, background });
    }

    fn spaces(&self) -> &Spaces {
        &self.spaces
    }
}

impl SyncClient for Context {
    fn send(&self, action: ActionId, request: Request) {
        self.dispatcher.send(Message::Sync { action, request });
    }

    fn resume(&self, action: ActionId) -> oneshot::Receiver<()> {
        let (reply, place) = oneshot::channel();
        self.dispatcher.send(Message::Resume { action, reply });
        place
    }
}
