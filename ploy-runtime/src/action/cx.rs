use std::fmt::Display;
use std::panic::Location;
use std::sync::{Arc, Mutex, PoisonError};

use serde::de::DeserializeOwned;

use super::Blocking;
use crate::error::{Failure, Kind};
use crate::event::{ActionId, BatchId, EventKind, Fault, StageId};
use crate::shell::{Cancel, CancelLevel, Emitter, Shell};
use crate::topology::{Settings, Site};

/// What an action is handed: its site, its ids, its shells, and ways to say something.
///
/// Copies are cheap and mean the same action.
#[derive(Clone)]
pub struct Cx(Arc<Inner>);

struct Inner {
    place: Place,
    shell: Shell,
    local: Shell,
    emitter: Arc<dyn Emitter>,
    cancel: Cancel,
    faults: Mutex<Vec<Fault>>,
}

/// Where an action stands: in its run and on its site.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) site: Arc<Site>,
    pub(crate) job: String,
    pub(crate) id: ActionId,
    pub(crate) index: u32,
    pub(crate) fragment: u32,
    pub(crate) fragments: u32,
}

impl Cx {
    pub(crate) fn new(
        place: Place,
        shell: Shell,
        local: Shell,
        emitter: Arc<dyn Emitter>,
        cancel: Cancel,
    ) -> Self {
        Cx(Arc::new(Inner {
            place,
            shell,
            local,
            emitter,
            cancel,
            faults: Mutex::default(),
        }))
    }

    /// The site on which this action runs.
    pub fn site(&self) -> &Site {
        &self.0.place.site
    }

    /// The site's settings.
    pub fn settings(&self) -> &Settings {
        self.0.place.site.settings()
    }

    /// The site's `path`: the working directory of its commands. `.` if it has none, which is the login directory, or
    /// the current one of a local site.
    pub fn path(&self) -> &str {
        self.settings().path.as_deref().unwrap_or(".")
    }

    /// The site's value under `vars: { key: .. }`, as a `T`.
    ///
    /// # Errors
    ///
    /// [`Kind::Usage`] if the site has no such value, or it is not a `T`; the message names site, key and type.
    #[track_caller]
    pub fn var<T: DeserializeOwned>(&self, key: &str) -> Result<T, Failure> {
        let at = Location::caller();
        self.site().var(key).map_err(|failure| failure.at(at))
    }

    /// As [`var`](Cx::var), or `default` where the site has no such value.
    ///
    /// # Errors
    ///
    /// [`Kind::Usage`] if the value is there and is not a `T`.
    #[track_caller]
    pub fn var_or<T: DeserializeOwned>(&self, key: &str, default: T) -> Result<T, Failure> {
        let at = Location::caller();
        self.site()
            .var_or(key, default)
            .map_err(|failure| failure.at(at))
    }

    /// The site's shell: local or over ssh, as the site is.
    pub fn shell(&self) -> &Shell {
        &self.0.shell
    }

    /// A shell on this machine, in the current directory, whatever the site.
    pub fn local(&self) -> &Shell {
        &self.0.local
    }

    /// The site's shell for a plain function: each call waits.
    ///
    /// # Panics
    ///
    /// When called outside an action, where there is no tokio runtime.
    pub fn blocking(&self) -> Blocking {
        Blocking {
            shell: self.0.shell.clone(),
            handle: tokio::runtime::Handle::current(),
        }
    }

    /// The name of the job.
    pub fn job(&self) -> &str {
        &self.0.place.job
    }

    /// The id of the run.
    pub fn batch_id(&self) -> BatchId {
        self.0.place.id.stage.batch.clone()
    }

    /// The id of the stage.
    pub fn stage_id(&self) -> StageId {
        self.0.place.id.stage.clone()
    }

    /// The id of this action.
    pub fn action_id(&self) -> ActionId {
        self.0.place.id.clone()
    }

    /// The number of this action in the run, from 1.
    pub fn count(&self) -> u32 {
        self.0.place.id.action
    }

    /// The number of this action in its stage, from 1.
    pub fn index(&self) -> u32 {
        self.0.place.index
    }

    /// This is the k-th of the n actions that the job runs on this site: (k, n), from 1.
    pub fn fragment(&self) -> (u32, u32) {
        (self.0.place.fragment, self.0.place.fragments)
    }

    /// Says something to the user.
    pub fn report(&self, text: impl Display) {
        self.0.emitter.emit(EventKind::Report {
            action: self.count(),
            text: text.to_string(),
        });
    }

    /// Says something to whoever looks for a mistake: shown only if the stage wants that.
    pub fn debug(&self, text: impl Display) {
        self.0.emitter.emit(EventKind::Debug {
            action: self.count(),
            text: text.to_string(),
        });
    }

    /// Marks this action as failed and goes on: it fails even if it returns `Ok`. May be called again for more.
    #[track_caller]
    pub fn fail(&self, why: impl Display) {
        let mut fault = Fault::new(Kind::Other, why.to_string());
        let at = Location::caller();
        fault.at = Some(format!("{}:{}", at.file(), at.line()));
        self.faults().push(fault);
    }

    /// Whether the run is being cancelled. An action that computes for long should look, and return.
    pub fn is_cancelled(&self) -> bool {
        self.0.cancel.level() != CancelLevel::None
    }

    /// Returns when the run is being cancelled.
    pub async fn cancelled(&self) {
        self.0.cancel.reached(CancelLevel::Term).await;
    }

    pub(crate) fn take_faults(&self) -> Vec<Fault> {
        std::mem::take(&mut *self.faults())
    }

    fn faults(&self) -> std::sync::MutexGuard<'_, Vec<Fault>> {
        // A panic while it is held leaves a whole list.
        self.0.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
