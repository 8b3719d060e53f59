//! All connections to one destination.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::command_guards::Next;
use super::grow::Widening;
use super::opener::Opener;
use super::start_error::NotStarted;
use crate::error::{Failure, Kind};
use crate::transport::Connection;
use crate::transport::Destination;
use crate::transport::Launch;
use crate::transport::Process;
use crate::transport::ssh::master::Diagnosis;

/// How long a failure to connect is kept, so that the other sites of the destination need not wait for it again.
const FAILURE_KEPT: Duration = Duration::from_secs(5);

/// How long a command waits for a place before another connection is opened for it.
const CROWDED: Duration = Duration::from_millis(250);

/// How often a connection is made anew that was gone before anything was sent over it.
pub(crate) const TRIES: u32 = 3;

/// How long a server may refuse every session before we believe it.
const REFUSAL: Duration = Duration::from_secs(20);

/// The way to one destination. The first connection is the one that is kept; others are made when it is crowded.
pub(crate) struct Route {
    pub(crate) destination: Destination,
    max_sessions: Mutex<Option<u32>>,
    pub(crate) opener: Arc<Opener>,
    connections: Mutex<Vec<Arc<Connection>>>,
    /// Held by whoever opens a connection; what came of the last try, if it failed.
    opening: tokio::sync::Mutex<Option<(Diagnosis, Instant)>>,
    pub(crate) widening: Widening,
}

/// A connection, and the right to one session on it.
type Session = (Arc<Connection>, OwnedSemaphorePermit);

impl Route {
    pub(crate) fn new(destination: Destination, opener: Arc<Opener>) -> Self {
        Route {
            destination,
            max_sessions: Mutex::default(),
            opener,
            connections: Mutex::default(),
            opening: tokio::sync::Mutex::default(),
            widening: Widening::default(),
        }
    }

    /// Has connections from now on take no more sessions than a site of the destination says; the smallest number counts.
    pub(crate) fn limit(&self, most: Option<u32>) {
        let mut current = self.most();
        *current = (*current).into_iter().chain(most).min();
    }

    /// How many sessions a connection takes at most, if a site says so.
    pub(crate) fn max_sessions(&self) -> Option<u32> {
        *self.most()
    }

    fn most(&self) -> std::sync::MutexGuard<'_, Option<u32>> {
        // One value, which is whole.
        self.max_sessions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn connections(&self) -> std::sync::MutexGuard<'_, Vec<Arc<Connection>>> {
        // The list is whole between any two operations on it.
        self.connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The connections that stood a moment ago. One that was lost meanwhile is dropped: nothing has been sent over it
    /// yet.
    async fn standing(&self) -> Vec<Arc<Connection>> {
        let mut standing = self.connections().clone();
        let mut at = 0;
        while let Some(connection) = standing.get(at) {
            if connection.stands().await {
                at += 1;
            } else {
                self.forget(connection);
                standing.remove(at);
            }
        }
        standing
    }

    /// Forgets a connection that no longer stands: who needs one makes a new one.
    pub(crate) fn forget(&self, lost: &Arc<Connection>) {
        self.connections().retain(|one| !Arc::ptr_eq(one, lost));
    }

    /// The first connection, made if need be.
    pub(crate) async fn connection(&self, site: &str) -> Result<Arc<Connection>, Failure> {
        if let Some(connection) = self.standing().await.into_iter().next() {
            return Ok(connection);
        }
        let mut failed = self.opening.lock().await;
        if let Some(connection) = self.standing().await.into_iter().next() {
            return Ok(connection);
        }
        if let Some((diagnosis, since)) = &*failed
            && since.elapsed() < FAILURE_KEPT
        {
            return Err(diagnosis.failure(site, &self.destination));
        }
        match self
            .opener
            .open(&self.destination, self.max_sessions())
            .await
        {
            Ok(connection) => {
                let connection = Arc::new(connection);
                self.connections().push(connection.clone());
                *failed = None;
                Ok(connection)
            }
            Err(diagnosis) => {
                let failure = diagnosis.failure(site, &self.destination);
                *failed = Some((diagnosis, Instant::now()));
                Err(failure)
            }
        }
    }

    /// A place for one more session: on the first connection that has one, or on a further one.
    async fn session(self: &Arc<Self>, site: &str) -> Result<Session, Failure> {
        let crowded = tokio::time::sleep(CROWDED);
        tokio::pin!(crowded);
        loop {
            self.connection(site).await?;
            // Before the look at what there is, so that nothing is missed.
            let widened = self.widening.ended();
            let connections = self.standing().await;
            for connection in &connections {
                if let Ok(permit) = connection.sessions.clone().try_acquire_owned() {
                    return Ok((connection.clone(), permit));
                }
            }
            tokio::select! {
                session = any_place(&connections) => if let Some(session) = session { return Ok(session) },
                () = widened => {}
                () = &mut crowded, if self.may_widen() => {
                    self.widen();
                    crowded.set(tokio::time::sleep(CROWDED));
                }
            }
        }
    }

    /// Starts a script. A connection that turns out to be gone before anything was sent is made anew; one on which the
    /// server refuses a session has a place less for a while.
    pub(crate) async fn spawn(
        self: &Arc<Self>,
        mut launch: Launch<'_>,
    ) -> Result<Process, Failure> {
        let site = launch.site;
        let (mut refused_for, mut tries) = (Duration::ZERO, 0);
        loop {
            let (connection, permit) = self.session(site).await?;
            // The time until there was a place is another matter.
            let begin = Instant::now();
            let guard = self.guard(site, &connection, launch.needs_reaper()).await?;
            let started = match guard {
                Next::Guard(guard) => connection.spawn(&mut launch, guard, permit).await,
                Next::Elsewhere | Next::Gone => Err(NotStarted::Gone),
            };
            match started {
                Ok(mut process) => {
                    let route = self.clone();
                    process.wait = Box::pin(async move {
                        let exit = process.wait.await;
                        if exit.is_err() {
                            route.forget(&connection);
                        }
                        exit
                    });
                    return Ok(process);
                }
                Err(NotStarted::Gone) => {
                    self.forget(&connection);
                    tries += 1;
                    if tries > TRIES {
                        return Err(self.gone(site));
                    }
                }
                Err(NotStarted::Refused(place)) if connection.open_sessions() > 0 => {
                    // One place too many. Given back at once, it would go to whoever waits for it, and so on.
                    connection.rests.give_back_later(place);
                    refused_for = Duration::ZERO;
                }
                Err(NotStarted::Refused(place)) => {
                    drop(place);
                    if refused_for > REFUSAL {
                        return Err(self.refused(site));
                    }
                    self.make_room(&connection, refused_for).await;
                    refused_for += begin.elapsed();
                }
                Err(NotStarted::Failed(failure)) => {
                    if !connection.is_alive().await {
                        self.forget(&connection);
                    }
                    return Err(failure);
                }
            }
        }
    }

    pub(crate) fn unguarded(&self, site: &str, cause: &str) -> Failure {
        Failure::new(
            Kind::Unreachable,
            format!("cannot start anything on {site} ({})", self.destination),
            format!("nothing there would end it when this program is gone: {cause}"),
        )
        .with_hint(
            "a command that reads an input needs a second session, `mkfifo` and a writable /tmp there",
        )
    }

    pub(crate) fn gone(&self, site: &str) -> Failure {
        Failure::new(
            Kind::Unreachable,
            format!("cannot start anything on {site} ({})", self.destination),
            "each connection was gone before anything was sent over it",
        )
        .with_hint(
            "see who ends the `ssh` processes on this machine, or what removes their sockets",
        )
    }

    pub(crate) fn refused(&self, site: &str) -> Failure {
        Failure::new(
            Kind::Unreachable,
            format!("cannot start anything on {site} ({})", self.destination),
            "the server allows no further session",
        )
        .with_hint("see `MaxSessions` in its sshd_config, and what else uses the connection")
    }

    /// Ends all connections that nobody uses any more.
    pub(crate) async fn close(self) {
        let connections = self
            .connections
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        for connection in connections {
            if let Some(connection) = Arc::into_inner(connection) {
                connection.close().await;
            }
        }
    }
}

/// The first place that becomes free on any of these connections.
async fn any_place(connections: &[Arc<Connection>]) -> Option<Session> {
    let mut waiting: Vec<_> = connections
        .iter()
        .map(|connection| Box::pin(Semaphore::acquire_owned(connection.sessions.clone())))
        .collect();
    let (at, permit) = std::future::poll_fn(|context| {
        for (at, place) in waiting.iter_mut().enumerate() {
            if let std::task::Poll::Ready(permit) = place.as_mut().poll(context) {
                return std::task::Poll::Ready((at, permit));
            }
        }
        std::task::Poll::Pending
    })
    .await;
    // The semaphores are never closed.
    Some((connections.get(at)?.clone(), permit.ok()?))
}
