//! What the dispatcher is told, and the way to tell it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::state::Settled;
use super::state::SiteOutcomeSender;
use crate::action::Background;
use crate::event::{ActionId, CancelReason, ErrorReport, EventKind, StageId};
use crate::plan::Plan;
use crate::sync::Request;

/// What the dispatcher is told. Everything that happens in a run goes through it.
pub(in crate::engine) enum Message {
    /// A stage is to run.
    Stage {
        stage: StageId,
        plan: Arc<Plan>,
        /// Whether it begins whatever the failures before it: it is there for them.
        in_spite_of_failures: bool,
        sites: Option<SiteOutcomeSender>,
        reply: oneshot::Sender<Settled>,
    },
    /// A stage cannot begin.
    Refused { stage: StageId, error: ErrorReport },
    /// An action, background work or what is done at a gate has ended.
    Finished {
        action: ActionId,
        errors: Vec<ErrorReport>,
        duration: Duration,
    },
    /// An action wants to start work in the background. What is dropped is not started.
    Background {
        parent: ActionId,
        background: Background,
    },
    /// An action asks for a lock, a queue, a latch or a barrier.
    Sync { action: ActionId, request: Request },
    /// An action has waited, and wants to go on.
    Resume {
        action: ActionId,
        reply: oneshot::Sender<()>,
    },
    /// Something to tell.
    Emit(EventKind),
    /// Output to show; `taken` is dropped when a reporter has.
    Output {
        event: EventKind,
        taken: oneshot::Sender<()>,
    },
    /// The failures of a stage do not count.
    Allow { stage: StageId },
    /// The run is to end before its time.
    Cancel(CancelReason),
    /// The schedule has no more stages.
    Over { error: Option<ErrorReport> },
}

/// The way to the dispatcher.
#[derive(Clone)]
pub(in crate::engine) struct MessageSender(mpsc::UnboundedSender<Message>);

impl MessageSender {
    pub(in crate::engine) fn new() -> (Self, mpsc::UnboundedReceiver<Message>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (MessageSender(sender), receiver)
    }

    /// A dispatcher that is gone needs no more messages: its run is over.
    pub(in crate::engine) fn send(&self, message: Message) {
        let _ = self.0.send(message);
    }
}
