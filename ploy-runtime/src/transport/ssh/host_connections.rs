//! All connections to one destination, and the sessions on them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::command_guards::GuardChoice;
use super::connection::Connection;
use super::growth::ConnectionGrowth;
use super::master::{ConnectError, Destination};
use super::opener::ConnectionOpener;
use super::start_error::StartError;
use crate::error::{Failure, Kind};
use crate::transport::guard::ReaperError;
use crate::transport::process::Process;
use crate::transport::spawn_request::SpawnRequest;

/// How long a failure to connect counts for the other sites of the destination, so that they need
/// not wait for the same failure.
const FAILURE_REUSE: Duration = Duration::from_secs(5);

/// How long a command waits for a session before another connection is opened for it.
const CROWDED_AFTER: Duration = Duration::from_millis(250);

/// How often a connection is made anew that was lost before anything was sent over it.
pub(super) const MAX_RECONNECTS: u32 = 3;

/// How long a server may refuse every session before that is a failure.
const REFUSAL_LIMIT: Duration = Duration::from_secs(20);

/// All connections to one destination. The first is the one that is kept; others are opened when it
/// is crowded.
pub(crate) struct HostConnections {
    pub(super) destination: Destination,
    max_sessions: Mutex<Option<u32>>,
    pub(super) opener: Arc<ConnectionOpener>,
    connections: Mutex<Vec<Arc<Connection>>>,
    /// Held while the first connection is opened. Holds the last failure to do so.
    opening: tokio::sync::Mutex<Option<(ConnectError, Instant)>>,
    pub(super) growth: ConnectionGrowth,
}

/// The right to one session on a connection.
struct SessionPermit {
    connection: Arc<Connection>,
    permit: OwnedSemaphorePermit,
}

impl HostConnections {
    pub(crate) fn new(destination: Destination, opener: Arc<ConnectionOpener>) -> Self {
        HostConnections {
            destination,
            max_sessions: Mutex::default(),
            opener,
            connections: Mutex::default(),
            opening: tokio::sync::Mutex::default(),
            growth: ConnectionGrowth::default(),
        }
    }

    /// Limits the sessions of connections that are opened from now on, as a site of the destination
    /// says. The smallest limit counts.
    pub(crate) fn limit_sessions(&self, limit: Option<u32>) {
        let mut current = self.session_limit();
        *current = (*current).into_iter().chain(limit).min();
    }

    /// How many sessions a connection takes at most, if a site says so.
    pub(super) fn max_sessions(&self) -> Option<u32> {
        *self.session_limit()
    }

    fn session_limit(&self) -> MutexGuard<'_, Option<u32>> {
        // One value, which is whole.
        self.max_sessions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn connections(&self) -> MutexGuard<'_, Vec<Arc<Connection>>> {
        // The list is whole between any two operations on it.
        self.connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The connections that were alive a moment ago. Lost ones are forgotten.
    async fn live_connections(&self) -> Vec<Arc<Connection>> {
        let all = self.connections().clone();
        let mut live = Vec::with_capacity(all.len());
        for connection in all {
            if connection.was_alive_recently().await {
                live.push(connection);
            } else {
                self.forget(&connection);
            }
        }
        live
    }

    /// Forgets a lost connection. Whoever needs one opens a new one.
    pub(super) fn forget(&self, lost: &Arc<Connection>) {
        self.connections().retain(|one| !Arc::ptr_eq(one, lost));
    }

    /// The first connection, made if need be.
    pub(crate) async fn connection(&self, site: &str) -> Result<Arc<Connection>, Failure> {
        if let Some(connection) = self.live_connections().await.into_iter().next() {
            return Ok(connection);
        }
        let mut last_failure = self.opening.lock().await;
        if let Some(connection) = self.live_connections().await.into_iter().next() {
            return Ok(connection);
        }
        if let Some((error, at)) = &*last_failure
            && at.elapsed() < FAILURE_REUSE
        {
            return Err(error.failure(site, &self.destination));
        }
        let max_sessions = self.max_sessions();
        match self.opener.open(&self.destination, max_sessions).await {
            Ok(connection) => {
                let connection = Arc::new(connection);
                self.connections().push(connection.clone());
                *last_failure = None;
                Ok(connection)
            }
            Err(error) => {
                let failure = error.failure(site, &self.destination);
                *last_failure = Some((error, Instant::now()));
                Err(failure)
            }
        }
    }

    /// Waits for a session on the first connection that has one, or on a further connection.
    async fn session(self: &Arc<Self>, site: &str) -> Result<SessionPermit, Failure> {
        let crowded = tokio::time::sleep(CROWDED_AFTER);
        tokio::pin!(crowded);
        loop {
            self.connection(site).await?;
            // Before the look at the connections there are, so that no new one is missed.
            let grown = self.growth.ended();
            let connections = self.live_connections().await;
            for connection in &connections {
                if let Ok(permit) = connection.sessions.clone().try_acquire_owned() {
                    let connection = connection.clone();
                    return Ok(SessionPermit { connection, permit });
                }
            }
            tokio::select! {
                session = first_free_session(&connections) => {
                    if let Some(session) = session {
                        return Ok(session);
                    }
                }
                () = grown => {}
                () = &mut crowded, if self.can_grow() => {
                    self.grow();
                    crowded.set(tokio::time::sleep(CROWDED_AFTER));
                }
            }
        }
    }

    /// Starts a script. A connection that was lost before anything was sent is made anew. A
    /// connection on which the server refuses a session has one session less for a while.
    pub(crate) async fn spawn(
        self: &Arc<Self>,
        mut request: SpawnRequest<'_>,
    ) -> Result<Process, Failure> {
        let site = request.site;
        let (mut refused_for, mut reconnects) = (Duration::ZERO, 0);
        loop {
            let SessionPermit { connection, permit } = self.session(site).await?;
            // Only refusals count, and not the time until there was a permit.
            let begin = Instant::now();
            let needs_reaper = request.needs_reaper();
            let guard = self.choose_guard(site, &connection, needs_reaper).await?;
            let started = match guard {
                GuardChoice::Guard(guard) => connection.spawn(&mut request, guard, permit).await,
                GuardChoice::NeedsOtherConnection | GuardChoice::ConnectionGone => {
                    Err(StartError::ConnectionGone)
                }
            };
            match started {
                Ok(mut process) => {
                    let host = self.clone();
                    process.wait = Box::pin(async move {
                        let exit = process.wait.await;
                        if exit.is_err() {
                            host.forget(&connection);
                        }
                        exit
                    });
                    return Ok(process);
                }
                Err(StartError::ConnectionGone) => {
                    self.forget(&connection);
                    reconnects += 1;
                    if reconnects > MAX_RECONNECTS {
                        return Err(self.all_gone(site));
                    }
                }
                Err(StartError::SessionRefused(permit)) if connection.open_sessions() > 0 => {
                    // Given back at once, the permit would go to the next command, to be refused
                    // again.
                    connection.backoff.give_back_later(permit);
                    refused_for = Duration::ZERO;
                }
                Err(StartError::SessionRefused(permit)) => {
                    drop(permit);
                    if refused_for > REFUSAL_LIMIT {
                        return Err(self.sessions_refused(site));
                    }
                    self.make_room(&connection, refused_for).await;
                    refused_for += begin.elapsed();
                }
                Err(StartError::Failed(failure)) => {
                    if !connection.is_alive().await {
                        self.forget(&connection);
                    }
                    return Err(failure);
                }
            }
        }
    }

    /// The failure of a command that no reaper could guard.
    pub(super) fn unguarded(&self, site: &str, error: &ReaperError) -> Failure {
        let cause = format!("nothing there would end it when this program is gone: {error}");
        self.not_started(site, cause).with_hint(
            "a command that reads an input needs a second session, `mkfifo` and a writable /tmp there",
        )
    }

    /// The failure of a command for which no connection lasted long enough.
    pub(super) fn all_gone(&self, site: &str) -> Failure {
        let cause = "each connection was gone before anything was sent over it";
        self.not_started(site, cause).with_hint(
            "see who ends the `ssh` processes on this machine, or what removes their sockets",
        )
    }

    /// The failure of a command for which the server allows no session.
    pub(super) fn sessions_refused(&self, site: &str) -> Failure {
        self.not_started(site, "the server allows no further session")
            .with_hint("see `MaxSessions` in its sshd_config, and what else uses the connection")
    }

    fn not_started(&self, site: &str, cause: impl Into<String>) -> Failure {
        let headline = format!("cannot start anything on {site} ({})", self.destination);
        Failure::new(Kind::Unreachable, headline, cause)
    }

    /// Closes all connections that nobody uses any more.
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

/// The first session that becomes free on any of these connections; `None` if a semaphore is
/// closed, which none ever is.
async fn first_free_session(connections: &[Arc<Connection>]) -> Option<SessionPermit> {
    let mut waiting: Vec<_> = connections
        .iter()
        .map(|connection| Box::pin(Semaphore::acquire_owned(connection.sessions.clone())))
        .collect();
    let (at, permit) = std::future::poll_fn(|context| {
        for (at, session) in waiting.iter_mut().enumerate() {
            if let Poll::Ready(permit) = session.as_mut().poll(context) {
                return Poll::Ready((at, permit));
            }
        }
        Poll::Pending
    })
    .await;
    Some(SessionPermit {
        connection: connections.get(at)?.clone(),
        permit: permit.ok()?,
    })
}
