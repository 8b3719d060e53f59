use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::error::Failure;
use crate::topology::Site;
use crate::transport::Asker;
use crate::transport::Connection;
use crate::transport::Destination;
use crate::transport::Launch;
use crate::transport::Local;
use crate::transport::Process;
use crate::transport::ssh::Opener;
use crate::transport::ssh::Route;
use crate::transport::ssh::master::Keep;

/// All connections of a program, by destination, made when they are first needed.
#[derive(Clone)]
pub(crate) struct Pool(Arc<Inner>);

struct Inner {
    local: Local,
    opener: Arc<Opener>,
    routes: Mutex<HashMap<Destination, Arc<Route>>>,
}

/// How scripts reach one site.
#[derive(Clone)]
pub(crate) enum Transport {
    Local(Local),
    Ssh { local: Local, route: Arc<Route> },
}

impl Pool {
    /// Connections end with the program, unless there is a folder to keep them in.
    pub(crate) fn new(keep: Option<Keep>) -> Self {
        Pool(Arc::new(Inner {
            local: Local::default(),
            opener: Arc::new(Opener::new(keep)),
            routes: Mutex::default(),
        }))
    }

    /// The way to a site. Nothing is connected yet.
    pub(crate) fn transport(&self, site: &Site) -> Transport {
        self.transport_with(site, None)
    }

    /// The way to a site by a program of the user's own instead of `ssh`.
    pub(crate) fn transport_with(&self, site: &Site, program: Option<PathBuf>) -> Transport {
        let Some(destination) = Destination::of(site, program) else {
            return self.local();
        };
        let mut routes = self.routes();
        let route = routes.entry(destination).or_insert_with_key(|destination| {
            let opener = self.0.opener.clone();
            Arc::new(Route::new(destination.clone(), opener))
        });
        route.limit(site.max_sessions);
        Transport::Ssh {
            local: self.0.local.clone(),
            route: route.clone(),
        }
    }

    /// The way to this machine.
    pub(crate) fn local(&self) -> Transport {
        Transport::Local(self.0.local.clone())
    }

    fn routes(&self) -> std::sync::MutexGuard<'_, HashMap<Destination, Arc<Route>>> {
        // The map is whole between any two operations on it.
        self.0.routes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends all connections that nobody uses any more.
    pub(crate) async fn close(&self) {
        let routes: Vec<_> = self.routes().drain().map(|(_, route)| route).collect();
        let mut closing = tokio::task::JoinSet::new();
        for route in routes {
            if let Some(route) = Arc::into_inner(route) {
                closing.spawn(route.close());
            }
        }
        let _ = tokio::time::timeout(Duration::from_secs(10), closing.join_all()).await;
    }
}

impl Transport {
    /// This machine, with the same reaper as all that runs on it.
    pub(crate) fn here(&self) -> &Local {
        match self {
            Transport::Local(local) | Transport::Ssh { local, .. } => local,
        }
    }

    /// Starts a script on the site.
    pub(crate) async fn spawn(&self, launch: Launch<'_>) -> Result<Process, Failure> {
        match self {
            Transport::Local(local) => local.spawn(launch).await,
            Transport::Ssh { route, .. } => route.spawn(launch).await,
        }
    }

    /// Starts a script for which others wait that have a place.
    pub(crate) async fn spawn_beside(&self, launch: Launch<'_>) -> Result<Process, Failure> {
        match self {
            Transport::Local(local) => local.spawn(launch).await,
            Transport::Ssh { route, .. } => route.spawn_beside(launch).await,
        }
    }

    /// Lets a program that is started over the site's connection, but not by us, ask us something.
    pub(crate) async fn asker(
        &self,
        site: &str,
        connection: &Connection,
    ) -> Result<Option<Asker>, Failure> {
        match self {
            Transport::Local(_) => Ok(None),
            Transport::Ssh { route, .. } => route.asker(site, connection).await.map(Some),
        }
    }

    /// The site's connection, made if need be; `None` for this machine.
    pub(crate) async fn connection(&self, site: &str) -> Result<Option<Arc<Connection>>, Failure> {
        match self {
            Transport::Local(_) => Ok(None),
            Transport::Ssh { route, .. } => route.connection(site).await.map(Some),
        }
    }
}
