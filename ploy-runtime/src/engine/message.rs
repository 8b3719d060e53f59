use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::outcome::Settled;
use super::stage::SiteLine;
use crate::action::Background;
use crate::event::{CancelReason, ErrorReport, EventKind};
use crate::plan::Plan;
use crate::sync::Request;

/// What the dispatcher is told. Everything that happens in a run goes through it.
pub(super) enum Message {
    /// A stage is to run.
    Stage {
        stage: u32,
        plan: Arc<Plan>,
        /// Whether it begins whatever the failures before it: it is there for them.
        in_spite_of_failures: bool,
        sites: Option<SiteLine>,
        reply: oneshot::Sender<Settled>,
    },
    /// A stage cannot begin.
    Refused { stage: u32, fault: ErrorReport },
    /// An action, background work or what is done at a gate has ended.
    Finished {
        action: u32,
        faults: Vec<ErrorReport>,
        duration: Duration,
    },
    /// An action wants to start work in the background. What is dropped is not started.
    Background { parent: u32, background: Background },
    /// An action asks for a lock, a queue, a latch or a barrier.
    Sync { action: u32, request: Request },
    /// An action has waited, and wants to go on.
    Resume {
        action: u32,
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
    Allow { stage: u32 },
    /// The run is to end before its time.
    Cancel(CancelReason),
    /// The schedule has no more stages.
    Over { fault: Option<ErrorReport> },
}

/// The way to the dispatcher.
#[derive(Clone)]
pub(super) struct Line(mpsc::UnboundedSender<Message>);

impl Line {
    pub(super) fn new() -> (Self, mpsc::UnboundedReceiver<Message>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Line(sender), receiver)
    }

    /// A dispatcher that is gone needs no more messages: its run is over.
    pub(super) fn send(&self, message: Message) {
        let _ = self.0.send(message);
    }
}
