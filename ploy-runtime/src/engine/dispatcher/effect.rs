//! What the dispatcher has decided, for the driver to do.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::action::{Action, BackgroundStart, Place};
use crate::catalogue::GroupCheck;
use crate::error::Source;
use crate::event::{ActionId, CommandId, EventKind};
use crate::shell::Cancel;
use crate::topology::Site;

/// One thing to do. The order matters: what starts has been told before.
pub(in crate::engine) enum Effect {
    /// Tell the reporters of an event.
    Emit(EventKind),
    /// Show output; `taken` is dropped when a reporter has.
    ShowOutput {
        event: EventKind,
        taken: oneshot::Sender<()>,
    },
    /// Start a try of an action, or work in the background.
    StartAction(ActionStart),
    /// Start what is done between two groups of a rolling stage.
    StartGate(GateStart),
}

/// A try of an action, or work in the background, about to start.
pub(in crate::engine) struct ActionStart {
    pub(in crate::engine) place: Place,
    pub(in crate::engine) cancel: Cancel,
    /// The last command of the try before, if there was one: numbers go on from there.
    pub(in crate::engine) last_command: Option<CommandId>,
    /// How many parts of it run, each of which can wait by itself.
    pub(in crate::engine) parts: Arc<AtomicU32>,
    pub(in crate::engine) work: Work,
    pub(in crate::engine) declared_at: Option<Source>,
}

/// What an action does.
pub(in crate::engine) enum Work {
    Action(Action),
    Background(BackgroundStart),
}

/// A pause and a check between two groups, about to start.
pub(in crate::engine) struct GateStart {
    pub(in crate::engine) action: ActionId,
    pub(in crate::engine) group: u32,
    pub(in crate::engine) group_count: u32,
    pub(in crate::engine) sites: Vec<Arc<Site>>,
    pub(in crate::engine) pause: Duration,
    pub(in crate::engine) check: Option<GroupCheck>,
    pub(in crate::engine) cancel: Cancel,
}
