//! What is started over a connection beside the commands that have a place there.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::command_guards::Guard;
use super::command_guards::Next;
use super::host_connections::Route;
use super::host_connections::TRIES;
use super::start_error::NotStarted;
use crate::error::Failure;
use crate::transport::Asker;
use crate::transport::Connection;
use crate::transport::Launch;
use crate::transport::Process;

impl Route {
    /// Starts a script for which others wait that have a place: so it takes none. Where the server allows no session besides
    /// them, it has a connection of its own.
    pub(crate) async fn spawn_beside(&self, mut launch: Launch<'_>) -> Result<Process, Failure> {
        let site = launch.site;
        for _ in 0..TRIES {
            let connection = self.connection(site).await?;
            let guard = self.guard(site, &connection, launch.needs_reaper()).await?;
            match self.start_beside(&connection, &mut launch, guard).await {
                Ok(process) => return Ok(process),
                Err(NotStarted::Gone) => self.forget(&connection),
                Err(NotStarted::Failed(failure)) => return Err(failure),
                Err(NotStarted::Refused(_)) => return self.spawn_alone(&connection, launch).await,
            }
        }
        Err(self.gone(site))
    }

    /// Starts it over a connection of its own, guarded by this one.
    async fn spawn_alone(
        &self,
        connection: &Connection,
        mut launch: Launch<'_>,
    ) -> Result<Process, Failure> {
        let site = launch.site;
        let other = self.opener.open_alone(&self.destination, None).await;
        let other = Arc::new(other.map_err(|why| why.failure(site, &self.destination))?);
        let guard = self.guard(site, connection, launch.needs_reaper()).await?;
        let started = self.start_beside(&other, &mut launch, guard).await;
        let mut process = started.map_err(|why| match why {
            NotStarted::Failed(failure) => failure,
            NotStarted::Gone => self.gone(site),
            NotStarted::Refused(_) => self.refused(site),
        })?;
        let wait = process.wait;
        process.wait = Box::pin(async move {
            let exit = wait.await;
            if let Some(other) = Arc::into_inner(other) {
                other.close().await;
            }
            exit
        });
        Ok(process)
    }

    async fn start_beside(
        &self,
        connection: &Arc<Connection>,
        launch: &mut Launch<'_>,
        guard: Next,
    ) -> Result<Process, NotStarted> {
        let place = Arc::new(Semaphore::new(1)).acquire_owned().await;
        match (guard, place) {
            (Next::Guard(guard), Ok(place)) => connection.spawn(launch, guard, place).await,
            // The semaphore is not closed.
            _ => Err(NotStarted::Gone),
        }
    }

    /// Who guards the next command of a connection.
    pub(crate) async fn guard(
        &self,
        site: &str,
        connection: &Connection,
        needs_reaper: bool,
    ) -> Result<Next, Failure> {
        let guards = &connection.guards;
        match guards.next(&connection.session, needs_reaper).await {
            Next::Elsewhere => self.guard_elsewhere(site, connection).await,
            next => Ok(next),
        }
    }

    /// Lets a program that is started over a connection, but not by us, ask us something.
    pub(crate) async fn asker(
        &self,
        site: &str,
        connection: &Connection,
    ) -> Result<Asker, Failure> {
        match self.guard(site, connection, true).await? {
            Next::Guard(Guard::Reaper(reaper)) => Ok(reaper.asker()),
            _ => Err(self.gone(site)),
        }
    }

    /// A reaper on a connection of its own, for the commands of one that has no session for it.
    async fn guard_elsewhere(&self, site: &str, connection: &Connection) -> Result<Next, Failure> {
        let guards = &connection.guards;
        let _turn = guards.turn().await;
        match guards.next(&connection.session, true).await {
            Next::Elsewhere => {}
            next => return Ok(next),
        }
        let other = self.opener.open_alone(&self.destination, None).await;
        let other = other.map_err(|why| why.failure(site, &self.destination))?;
        match guards.elsewhere(&other.session).await {
            Ok(guard) => Ok(Next::Guard(guard)),
            Err(cause) => {
                other.close().await;
                Err(self.unguarded(site, &cause))
            }
        }
    }
}
