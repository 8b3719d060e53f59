//! Scripts that are started over a connection without counting their sessions.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::command_guards::{CommandGuard, GuardChoice};
use super::connection::Connection;
use super::host_connections::{HostConnections, MAX_RECONNECTS};
use super::start_error::StartError;
use crate::error::Failure;
use crate::transport::guard::AskpassClient;
use crate::transport::process::Process;
use crate::transport::spawn_request::SpawnRequest;

impl HostConnections {
    /// Starts a script on which commands wait that may hold all the sessions there are. So it is
    /// not counted; where the server allows no further session, it has a connection of its own.
    pub(crate) async fn spawn_unmetered(
        &self,
        mut request: SpawnRequest<'_>,
    ) -> Result<Process, Failure> {
        let site = request.site;
        for _ in 0..MAX_RECONNECTS {
            let connection = self.connection(site).await?;
            let needs_reaper = request.needs_reaper();
            let guard = self.choose_guard(site, &connection, needs_reaper).await?;
            match start_unmetered(&connection, &mut request, guard).await {
                Ok(process) => return Ok(process),
                Err(StartError::ConnectionGone) => self.forget(&connection),
                Err(StartError::Failed(failure)) => return Err(failure),
                Err(StartError::SessionRefused(_)) => {
                    return self.spawn_on_own_connection(&connection, request).await;
                }
            }
        }
        Err(self.all_gone(site))
    }

    /// Starts it over a connection of its own, guarded by the guards of `connection`.
    async fn spawn_on_own_connection(
        &self,
        connection: &Connection,
        mut request: SpawnRequest<'_>,
    ) -> Result<Process, Failure> {
        let site = request.site;
        let own = self.opener.open_own(&self.destination, None).await;
        let own = Arc::new(own.map_err(|error| error.failure(site, &self.destination))?);
        let needs_reaper = request.needs_reaper();
        let guard = self.choose_guard(site, connection, needs_reaper).await?;
        let started = start_unmetered(&own, &mut request, guard).await;
        let mut process = started.map_err(|error| match error {
            StartError::Failed(failure) => failure,
            StartError::ConnectionGone => self.all_gone(site),
            StartError::SessionRefused(_) => self.sessions_refused(site),
        })?;
        let wait = process.wait;
        process.wait = Box::pin(async move {
            let exit = wait.await;
            if let Some(own) = Arc::into_inner(own) {
                own.close().await;
            }
            exit
        });
        Ok(process)
    }

    /// Chooses what guards the next command of a connection; starts a reaper if need be.
    pub(super) async fn choose_guard(
        &self,
        site: &str,
        connection: &Connection,
        needs_reaper: bool,
    ) -> Result<GuardChoice, Failure> {
        let guards = &connection.guards;
        match guards.choose(&connection.session, needs_reaper).await {
            GuardChoice::NeedsOtherConnection => {
                self.start_reaper_elsewhere(site, connection).await
            }
            choice => Ok(choice),
        }
    }

    /// Lets a program ask us that is started over a connection, but not by us.
    pub(crate) async fn askpass_client(
        &self,
        site: &str,
        connection: &Connection,
    ) -> Result<AskpassClient, Failure> {
        match self.choose_guard(site, connection, true).await? {
            GuardChoice::Guard(CommandGuard::Reaper(reaper)) => Ok(reaper.askpass_client()),
            _ => Err(self.all_gone(site)),
        }
    }

    /// A reaper on a connection of its own, for the commands of a connection that has no session
    /// for it.
    async fn start_reaper_elsewhere(
        &self,
        site: &str,
        connection: &Connection,
    ) -> Result<GuardChoice, Failure> {
        let guards = &connection.guards;
        let _turn = guards.start_turn().await;
        match guards.choose(&connection.session, true).await {
            GuardChoice::NeedsOtherConnection => {}
            choice => return Ok(choice),
        }
        let other = self.opener.open_own(&self.destination, None).await;
        let other = other.map_err(|error| error.failure(site, &self.destination))?;
        match guards.start_on_other(&other.session).await {
            Ok(guard) => Ok(GuardChoice::Guard(guard)),
            Err(error) => {
                other.close().await;
                Err(self.unguarded(site, &error))
            }
        }
    }
}

async fn start_unmetered(
    connection: &Arc<Connection>,
    request: &mut SpawnRequest<'_>,
    guard: GuardChoice,
) -> Result<Process, StartError> {
    // A permit of a semaphore of its own, which is never closed.
    let permit = Arc::new(Semaphore::new(1)).acquire_owned().await;
    match (guard, permit) {
        (GuardChoice::Guard(guard), Ok(permit)) => connection.spawn(request, guard, permit).await,
        _ => Err(StartError::ConnectionGone),
    }
}
