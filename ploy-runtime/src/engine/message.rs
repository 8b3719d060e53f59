use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::outcome::Settled;
use crate::event::{CancelReason, EventKind, Fault};
use crate::plan::{NodeId, Plan};
use crate::shell::Cancel;

/// What the dispatcher is told. Everything that happens in a run goes through it.
pub(super) enum Message {
    /// A stage is to run.
    Stage {
        stage: u32,
        plan: Arc<Plan>,
        reply: oneshot::Sender<Settled>,
    },
    /// A stage cannot begin.
    Refused { stage: u32, fault: Fault },
    /// An action wants to start. No answer means that it must not.
    Start {
        stage: u32,
        task: NodeId,
        name: String,
        fragment: u32,
        fragments: u32,
        reply: oneshot::Sender<Started>,
    },
    /// An action has ended.
    Finished {
        action: u32,
        faults: Vec<Fault>,
        duration: u64,
    },
    /// All actions of a task have ended, or were not let start.
    Done {
        stage: u32,
        task: NodeId,
        actions: Vec<ActionEnd>,
        duration: u64,
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
    Over { fault: Option<Fault> },
}

/// The word that an action may start.
pub(super) struct Started {
    /// Its number in the batch.
    pub(super) action: u32,
    /// Its number in the stage.
    pub(super) index: u32,
    /// Its line to hear that it is to end.
    pub(super) cancel: Cancel,
}

/// How an action came out.
#[derive(Clone, Debug)]
pub(super) struct ActionEnd {
    pub(super) name: String,
    /// None if it was not let start.
    pub(super) faults: Option<Vec<Fault>>,
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
