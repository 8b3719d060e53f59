//! What an action is handed.

use std::fmt::Display;
use std::future::Future;
use std::panic::Location;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use serde::de::DeserializeOwned;

use super::action_emitter::ActionEmitter;
use super::action_state::{ActionState, Background, Deferred, DeferredWork, Part};
use super::blocking::Blocking;
use super::job_output::{JobOutput, boxed};
use super::panic::Caught;
use super::space::Space;
use crate::catalogue::{Argument, Arguments};
use crate::error::{Failure, Kind};
use crate::event::{BatchId, ErrorReport, EventKind, QualifiedActionId, QualifiedStageId};
use crate::secret::Passwords;
use crate::shell::{CancelLevel, Shell};
use crate::sync::{Barrier, Latch, Lock, Queue};
use crate::topology::{Settings, Site};

/// What an action is handed: its site, its ids, its shells, what it shares with others, and ways to
/// say something.
///
/// Copies are cheap and mean the same action.
#[derive(Clone)]
pub struct Cx(Arc<ActionState>);

impl Cx {
    pub(crate) fn new(state: Arc<ActionState>) -> Self {
        Cx(state)
    }

    /// What the copies of this context share.
    pub(crate) fn state(&self) -> Arc<ActionState> {
        self.0.clone()
    }

    /// The site on which this action runs.
    pub fn site(&self) -> &Site {
        &self.0.place.site
    }

    /// The site's settings.
    pub fn settings(&self) -> &Settings {
        self.0.place.site.settings()
    }

    /// The site's `path`: the working directory of its commands. `.` if it has none, which is the
    /// login directory, or the current one of a local site.
    pub fn path(&self) -> &str {
        self.settings().path.as_deref().unwrap_or(".")
    }

    /// The site's value under `vars: { key: .. }`, as a `T`.
    ///
    /// # Errors
    ///
    /// [`Kind::Usage`] if the site has no such value, or it is not a `T`; the message names site,
    /// key and type.
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

    /// All that the job is given for its parameters, with the defaults of those for which nothing
    /// is.
    pub fn arguments(&self) -> &Arguments {
        &self.0.place.arguments
    }

    /// What the job is given for its parameter of this name: by the command line, by `jobs![..]`,
    /// or its default. An argument of a `#[job]`'s function has it already.
    ///
    /// # Errors
    ///
    /// [`Kind::Usage`] if the job has no such parameter, or it is not a `T`.
    #[track_caller]
    pub fn argument<T: Argument>(&self, name: &str) -> Result<T, Failure> {
        let at = Location::caller();
        let whose = format_args!("the job `{}`", self.job());
        self.0
            .place
            .arguments
            .value(name, whose)
            .map_err(|failure| failure.at(at))
    }

    /// The site's shell: local or over ssh, as the site is.
    pub fn shell(&self) -> &Shell {
        self.0.shell.get_or_init(|| {
            let site = self.0.place.site.clone();
            let transport = self.0.services.transport(&site);
            let (emitter, cancel) = (self.emitter(), self.0.cancel.clone());
            Shell::new(site, transport, emitter, cancel, self.passwords().clone())
        })
    }

    /// A shell on this machine, in the current directory, whatever the site.
    pub fn local(&self) -> &Shell {
        self.0.local.get_or_init(|| {
            let here = Site::new(self.site().name().to_owned(), Settings::new());
            Shell::new(
                Arc::new(here),
                self.0.services.local(),
                self.emitter(),
                self.0.cancel.clone(),
                self.passwords().clone(),
            )
        })
    }

    /// The sudo passwords of the run: to set or forget one, or to ask for it early.
    pub fn passwords(&self) -> &Passwords {
        self.0.services.passwords()
    }

    fn emitter(&self) -> Arc<ActionEmitter> {
        let make = || {
            Arc::new(ActionEmitter::new(
                self.0.services.clone(),
                self.0.place.id.action,
                self.0.last_command,
            ))
        };
        self.0.emitter.get_or_init(make).clone()
    }

    /// The site's shell for a plain function: each call waits.
    ///
    /// # Panics
    ///
    /// When called outside an action, where there is no tokio runtime.
    pub fn blocking(&self) -> Blocking {
        Blocking {
            shell: self.shell().clone(),
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
    pub fn stage_id(&self) -> QualifiedStageId {
        self.0.place.id.stage.clone()
    }

    /// The id of this action: another for each try of it.
    pub fn action_id(&self) -> QualifiedActionId {
        self.0.place.id.clone()
    }

    /// Which try of this action it is, from 1: above 1 where the stage has `retries`, and those
    /// before have failed.
    pub fn attempt(&self) -> u32 {
        self.0.place.id.attempt
    }

    /// The number of this action in the run, from 1; the same for all tries of it.
    pub fn count(&self) -> u32 {
        self.0.place.id.action.0
    }

    /// The number of this action in its stage, from 1.
    pub fn index(&self) -> u32 {
        self.0.place.index
    }

    /// This is the k-th of the n actions that the job runs on this site: (k, n), from 1.
    pub fn fragment(&self) -> (u32, u32) {
        (self.0.place.fragment, self.0.place.fragments)
    }

    /// In a rolling stage: this site is in the k-th of n groups, from 1.
    pub fn group(&self) -> Option<(u32, u32)> {
        let (group, groups) = self.0.place.group;
        (groups > 0).then_some((group + 1, groups))
    }

    /// The space that all actions of the run share.
    pub fn space(&self) -> &Space {
        self.0.services.spaces().batch()
    }

    /// The space that the actions on this site share, in this run.
    pub fn site_space(&self) -> Space {
        self.0.services.spaces().site(self.site().name())
    }

    /// The lock of this name in this run: one action at a time has it.
    pub fn lock(&self, name: impl AsRef<str>) -> Lock {
        Lock::new(
            self.0.services.clone(),
            self.0.place.id.action,
            name.as_ref(),
        )
    }

    /// The queue of this name in this run, for values of type `T`, of which it holds `capacity` at
    /// most.
    pub fn queue<T: Send + 'static>(&self, name: impl AsRef<str>, capacity: usize) -> Queue<T> {
        Queue::new(
            self.0.services.clone(),
            self.0.place.id.action,
            name.as_ref(),
            capacity,
        )
    }

    /// The latch of this name in this run: it fires once, and remembers.
    pub fn latch(&self, name: impl AsRef<str>) -> Latch {
        Latch::new(
            self.0.services.clone(),
            self.0.place.id.action,
            name.as_ref(),
        )
    }

    /// The barrier of this name in this job: where the sites wait for each other that really run
    /// the job, in its group. In atomic mode, where one task runs at a time, waiting at it is an
    /// error.
    pub fn barrier(&self, name: impl AsRef<str>) -> Barrier {
        Barrier::new(
            self.0.services.clone(),
            self.0.place.id.action,
            name.as_ref(),
        )
    }

    /// Starts work at once that this action does not wait for: it goes on, or returns, and has
    /// ended when the work has. Its failure is the action's.
    ///
    /// # Panics
    ///
    /// If the action has ended, so that nobody would wait, and on a thread without a tokio runtime.
    pub fn defer<F, T>(&self, future: F)
    where
        F: Future<Output = T> + Send + 'static,
        T: JobOutput,
    {
        let mut deferred = self.deferred();
        if deferred.is_closed {
            drop(deferred);
            panic!("the action has ended, and waits for nothing more");
        }
        let part = Part::new(&self.0.parts);
        let running = tokio::spawn(Caught(boxed(async move {
            let result = future.await.into_result();
            drop(part);
            result
        })));
        deferred.aborts.push(running.abort_handle());
        deferred.running.push(running);
    }

    /// Starts work that outlives its task: other jobs go on meanwhile. It is given a context of its
    /// own, with a number and events of its own, and is called `name` where it is shown.
    ///
    /// At the end of the run it is waited for, 30 s unless
    /// [`Runner::background_grace`](crate::engine::Runner) says otherwise; then it is cancelled,
    /// and has failed. Its failure makes the run fail. Not started once the run is cancelled, nor
    /// by what has been told to end itself.
    pub fn background<F, T>(
        &self,
        name: impl Into<String>,
        work: impl FnOnce(Cx) -> F + Send + 'static,
    ) where
        F: Future<Output = T> + Send + 'static,
        T: JobOutput,
    {
        let background = Background {
            name: name.into(),
            place: self.0.place.clone(),
            start: Box::new(move |state| boxed(work(Cx::new(state)))),
        };
        self.0
            .services
            .background(self.0.place.id.action, background);
    }

    /// Asks whoever runs this a question that is answered by yes or no, on the terminal; nothing is
    /// yes unless it was said. The site's name stands before it. One question stands there at a
    /// time, and the time that passes counts as the action's.
    ///
    /// # Errors
    ///
    /// [`Kind::Usage`] if nobody can be asked: without a terminal, or with `--no-input`; `--yes`
    /// answers yes.
    pub async fn confirm(&self, question: impl Display + Send) -> Result<bool, Failure> {
        let question = format!("{}: {question}", self.site().name());
        self.0.services.consent().ask(&question).await
    }

    /// Says something to the user.
    pub fn report(&self, text: impl Display) {
        self.0.services.emit(EventKind::Report {
            action: self.0.place.id.action,
            text: text.to_string(),
        });
    }

    /// Says something to whoever looks for a mistake: shown only if the stage wants that.
    pub fn debug(&self, text: impl Display) {
        self.0.services.emit(EventKind::Debug {
            action: self.0.place.id.action,
            text: text.to_string(),
        });
    }

    /// Marks this action as failed and goes on: it fails even if it returns `Ok`. May be called
    /// again for more.
    #[track_caller]
    pub fn fail(&self, why: impl Display) {
        let mut error = ErrorReport::new(Kind::Other, why.to_string());
        error.location = Some(Location::caller().into());
        self.errors().push(error);
    }

    /// Whether the run is being cancelled. An action that computes for long should look, and
    /// return.
    pub fn is_cancelled(&self) -> bool {
        self.0.cancel.level() != CancelLevel::None
    }

    /// Returns when the run is being cancelled.
    pub async fn cancelled(&self) {
        self.0.cancel.reached(CancelLevel::Term).await;
    }

    pub(crate) fn take_errors(&self) -> Vec<ErrorReport> {
        std::mem::take(&mut *self.errors())
    }

    /// Notes that the action's own function has ended.
    pub(crate) fn end_own_part(&self) {
        self.0.parts.fetch_sub(1, Ordering::Relaxed);
    }

    /// Deferred work to wait for, if there is any. If not, the action has ended, and can defer
    /// nothing more.
    pub(crate) fn next_deferred(&self) -> Option<DeferredWork> {
        let mut deferred = self.deferred();
        let next = deferred.running.pop();
        deferred.is_closed = next.is_none();
        next
    }

    /// Ends deferred work at once.
    pub(crate) fn abort_deferred(&self) {
        let mut deferred = self.deferred();
        deferred.is_closed = true;
        deferred
            .aborts
            .drain(..)
            .for_each(|running| running.abort());
    }

    fn deferred(&self) -> std::sync::MutexGuard<'_, Deferred> {
        // A panic while it is held leaves a whole list.
        self.0
            .deferred
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn errors(&self) -> std::sync::MutexGuard<'_, Vec<ErrorReport>> {
        // A panic while it is held leaves a whole list.
        self.0.errors.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
