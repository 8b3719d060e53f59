//! What stands behind the context of an action: its state, and what the run does for it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use tokio::task::{AbortHandle, JoinHandle};

use super::action_emitter::ActionEmitter;
use super::event_sink::EventSink;
use super::job_output::BoxFuture;
use super::space::Spaces;
use crate::catalogue::Arguments;
use crate::error::Error;
use crate::event::{ActionId, CommandId, ErrorReport, QualifiedActionId};
use crate::secret::{Consent, Passwords};
use crate::shell::{Cancel, Shell};
use crate::sync::SyncClient;
use crate::topology::Site;
use crate::transport::Transport;

/// All that the copies of an action's context share.
pub(crate) struct ActionState {
    pub(super) place: Place,
    pub(super) services: Arc<dyn RunServices>,
    pub(super) cancel: Cancel,
    pub(super) last_command: Option<CommandId>,
    // Most actions need one of these, and some none.
    pub(super) emitter: OnceLock<Arc<ActionEmitter>>,
    pub(super) shell: OnceLock<Shell>,
    pub(super) local: OnceLock<Shell>,
    pub(super) errors: Mutex<Vec<ErrorReport>>,
    pub(super) deferred: Mutex<Deferred>,
    /// How many parts of the action run: itself, and what it deferred.
    pub(super) parts: Arc<AtomicU32>,
}

/// A part of an action, while it runs.
pub(super) struct Part(Arc<AtomicU32>);

impl Part {
    pub(super) fn new(parts: &Arc<AtomicU32>) -> Self {
        parts.fetch_add(1, Ordering::Relaxed);
        Part(parts.clone())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Work that the action does not wait for, and that its end does.
#[derive(Default)]
pub(super) struct Deferred {
    pub(super) running: Vec<DeferredWork>,
    /// To end all of it, also what is being waited for.
    pub(super) aborts: Vec<AbortHandle>,
    /// Whether the action has ended, so that nobody would wait for more.
    pub(super) is_closed: bool,
}

pub(super) type DeferredWork = JoinHandle<Result<Result<(), Error>, Box<ErrorReport>>>;

/// Where an action stands: in its run and on its site.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) site: Arc<Site>,
    pub(crate) job: Arc<str>,
    /// What the job is given for its parameters.
    pub(crate) arguments: Arc<Arguments>,
    pub(crate) id: QualifiedActionId,
    /// The numbers of the job and the site in the stage, by which events name them.
    pub(crate) numbers: (u32, u32),
    pub(crate) index: u32,
    pub(crate) fragment: u32,
    pub(crate) fragments: u32,
    /// The group of the site, from 0, and how many there are; 0 of 0 where the mode has none.
    pub(crate) group: (u32, u32),
}

impl ActionState {
    pub(crate) fn new(
        place: Place,
        services: Arc<dyn RunServices>,
        cancel: Cancel,
        last_command: Option<CommandId>,
        parts: Arc<AtomicU32>,
    ) -> Self {
        ActionState {
            place,
            services,
            cancel,
            last_command,
            emitter: OnceLock::new(),
            shell: OnceLock::new(),
            local: OnceLock::new(),
            errors: Mutex::default(),
            deferred: Mutex::default(),
            parts,
        }
    }
}

/// What a run does for the actions in it.
pub(crate) trait RunServices: SyncClient + EventSink {
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

/// What background work does, given a state of its own.
pub(crate) type BackgroundStart = Box<dyn FnOnce(Arc<ActionState>) -> BoxFuture + Send>;

/// Work in the background, about to be started.
pub(crate) struct Background {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) start: BackgroundStart,
}
