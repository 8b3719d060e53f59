//! How scripts reach one site.

use std::sync::Arc;

use super::guard::AskpassClient;
use super::local::LocalTransport;
use super::process::Process;
use super::spawn_request::SpawnRequest;
use super::ssh::{Connection, HostConnections};
use crate::error::Failure;

/// How scripts reach one site.
#[derive(Clone)]
pub(crate) enum Transport {
    /// The site is this machine.
    Local(LocalTransport),
    /// The site is another host.
    Ssh {
        local: LocalTransport,
        host: Arc<HostConnections>,
    },
}

impl Transport {
    /// This machine, with the reaper of everything else that runs on it.
    pub(crate) fn here(&self) -> &LocalTransport {
        match self {
            Transport::Local(local) | Transport::Ssh { local, .. } => local,
        }
    }

    /// Starts a script on the site, as soon as there is a session for it.
    pub(crate) async fn spawn(&self, request: SpawnRequest<'_>) -> Result<Process, Failure> {
        match self {
            Transport::Local(local) => local.spawn(request).await,
            Transport::Ssh { host, .. } => host.spawn(request).await,
        }
    }

    /// Starts a script without counting its session: for a script on which commands wait that hold
    /// all the sessions there are.
    pub(crate) async fn spawn_unmetered(
        &self,
        request: SpawnRequest<'_>,
    ) -> Result<Process, Failure> {
        match self {
            Transport::Local(local) => local.spawn(request).await,
            Transport::Ssh { host, .. } => host.spawn_unmetered(request).await,
        }
    }

    /// Lets a program ask us that is started over the site's connection, but not by us. `None` for
    /// this machine.
    pub(crate) async fn askpass_client(
        &self,
        site: &str,
        connection: &Connection,
    ) -> Result<Option<AskpassClient>, Failure> {
        match self {
            Transport::Local(_) => Ok(None),
            Transport::Ssh { host, .. } => host.askpass_client(site, connection).await.map(Some),
        }
    }

    /// The site's connection, made if need be; `None` for this machine.
    pub(crate) async fn connection(&self, site: &str) -> Result<Option<Arc<Connection>>, Failure> {
        match self {
            Transport::Local(_) => Ok(None),
            Transport::Ssh { host, .. } => host.connection(site).await.map(Some),
        }
    }
}
