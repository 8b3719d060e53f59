//! All connections of a program, by destination.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::local::LocalTransport;
use super::ssh::{ConnectionOpener, Destination, HostConnections, SocketDir};
use super::transport::Transport;
use crate::error::Failure;
use crate::topology::Site;

/// How long the connections of a program may take to be closed.
const CLOSE_LIMIT: Duration = Duration::from_secs(10);

/// All connections of a program, by destination, each made when it is first needed. Copies are
/// cheap and share the connections.
#[derive(Clone)]
pub struct ConnectionPool(Arc<Inner>);

struct Inner {
    local: LocalTransport,
    opener: Arc<ConnectionOpener>,
    hosts: Mutex<HashMap<Destination, Arc<HostConnections>>>,
}

impl ConnectionPool {
    /// Connections end with the program, unless there is a folder to keep them in.
    pub fn new(socket_dir: Option<SocketDir>) -> Self {
        ConnectionPool(Arc::new(Inner {
            local: LocalTransport::default(),
            opener: Arc::new(ConnectionOpener::new(socket_dir)),
            hosts: Mutex::default(),
        }))
    }

    /// How scripts reach a site. Nothing is connected yet.
    pub(crate) fn transport(&self, site: &Site) -> Transport {
        self.transport_with(site, None)
    }

    /// Connects to a site, and returns the socket of the connection, which other programs can use
    /// as their `ControlPath`; `None` if the site is local.
    ///
    /// # Errors
    ///
    /// If the site cannot be reached.
    pub async fn control_socket(&self, site: &Site) -> Result<Option<PathBuf>, Failure> {
        let connection = self.transport(site).connection(site.name()).await?;
        Ok(connection.map(|connection| connection.socket().to_owned()))
    }

    /// How scripts reach a site by a program of the user's own instead of `ssh`.
    pub(crate) fn transport_with(&self, site: &Site, program: Option<PathBuf>) -> Transport {
        let Some(destination) = Destination::of(site, program) else {
            return self.local();
        };
        let mut hosts = self.hosts();
        let host = hosts.entry(destination).or_insert_with_key(|destination| {
            let opener = self.0.opener.clone();
            Arc::new(HostConnections::new(destination.clone(), opener))
        });
        host.limit_sessions(site.max_sessions);
        Transport::Ssh {
            local: self.0.local.clone(),
            host: host.clone(),
        }
    }

    /// How scripts reach this machine.
    pub(crate) fn local(&self) -> Transport {
        Transport::Local(self.0.local.clone())
    }

    fn hosts(&self) -> MutexGuard<'_, HashMap<Destination, Arc<HostConnections>>> {
        // The map is whole between any two operations on it.
        self.0.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes all connections that nobody uses any more.
    pub(crate) async fn close(&self) {
        let hosts: Vec<_> = self.hosts().drain().map(|(_, host)| host).collect();
        let mut closing = tokio::task::JoinSet::new();
        for host in hosts {
            if let Some(host) = Arc::into_inner(host) {
                closing.spawn(host.close());
            }
        }
        let _ = tokio::time::timeout(CLOSE_LIMIT, closing.join_all()).await;
    }
}
