use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use tokio::sync::oneshot;

use super::Catalogue;
use super::message::{Line, Message};
use super::step::Steps;
use crate::action::{Background, Host, Spaces};
use crate::catalogue::Arguments;
use crate::event::{BatchId, EventKind};
use crate::secret::{Consent, Passwords};
use crate::sync::{Desk, Request};
use crate::topology::{Site, Topology};
use crate::transport::{ConnectionPool, Transport};

/// What all parts of a run share.
pub(super) struct Context {
    pub(super) batch: BatchId,
    pub(super) topology: Arc<Topology>,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) pool: ConnectionPool,
    pub(super) line: Line,
    pub(super) next_stage: AtomicU32,
    pub(super) spaces: Spaces,
    pub(super) passwords: Passwords,
    pub(super) consent: Consent,
    /// Who says whether a stage is to run, if that is asked.
    pub(super) steps: Option<Steps>,
    /// What the schedule is given for its parameters.
    pub(super) arguments: Arguments,
}

impl Host for Context {
    fn emit(&self, event: EventKind) {
        self.line.send(Message::Emit(event));
    }

    fn output(&self, event: EventKind) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let (taken, wait) = oneshot::channel();
        self.line.send(Message::Output { event, taken });
        Box::pin(async move {
            // Dropped is taken.
            let _ = wait.await;
        })
    }

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

    fn background(&self, parent: u32, background: Background) {
        self.line.send(Message::Background { parent, background });
    }

    fn spaces(&self) -> &Spaces {
        &self.spaces
    }
}

impl Desk for Context {
    fn send(&self, action: u32, request: Request) {
        self.line.send(Message::Sync { action, request });
    }

    fn resume(&self, action: u32) -> oneshot::Receiver<()> {
        let (reply, place) = oneshot::channel();
        self.line.send(Message::Resume { action, reply });
        place
    }
}
