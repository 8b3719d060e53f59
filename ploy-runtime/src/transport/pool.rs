use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OnceCell, Semaphore};

use super::diagnose::Diagnosis;
use super::{Connection, Destination, Launch, Local, Process};
use crate::error::Failure;
use crate::topology::Site;

/// How many connections are opened at a time: sshd begins to drop those not yet logged in at 10 (MaxStartups).
const STARTS: usize = 8;

/// How long a connection that sshd closes before the login is tried again, if the site does not say.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a failure to connect is kept.
const FAILURE_KEPT: Duration = Duration::from_secs(5);

/// All connections of a program: one for each destination, made when it is first needed.
#[derive(Clone)]
pub(crate) struct Pool(Arc<Inner>);

struct Inner {
    local: Local,
    connections: Mutex<HashMap<Destination, Slot>>,
    starts: Semaphore,
    start_limit: AtomicUsize,
}

/// Filled by whoever needs the connection first. A failure is kept for a moment, so that the other sites of the
/// destination need not wait for it again.
type Slot = Arc<OnceCell<Result<Arc<Connection>, (Diagnosis, Instant)>>>;

/// How scripts reach one site.
#[derive(Clone)]
pub(crate) enum Transport {
    Local(Local),
    Ssh {
        pool: Pool,
        destination: Destination,
        max_sessions: Option<u32>,
    },
}

impl Pool {
    pub(crate) fn new() -> Self {
        Pool(Arc::new(Inner {
            local: Local::default(),
            connections: Mutex::default(),
            starts: Semaphore::new(STARTS),
            start_limit: AtomicUsize::new(STARTS),
        }))
    }

    /// The way to a site. Nothing is connected yet.
    pub(crate) fn transport(&self, site: &Site) -> Transport {
        match Destination::of(site) {
            None => self.local(),
            Some(destination) => Transport::Ssh {
                pool: self.clone(),
                destination,
                max_sessions: site.max_sessions,
            },
        }
    }

    /// The way to this machine.
    pub(crate) fn local(&self) -> Transport {
        Transport::Local(self.0.local.clone())
    }

    fn slots(&self) -> std::sync::MutexGuard<'_, HashMap<Destination, Slot>> {
        // The map is whole between any two operations on it.
        self.0
            .connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    async fn connect(
        &self,
        site: &str,
        destination: &Destination,
        max_sessions: Option<u32>,
    ) -> Result<Arc<Connection>, Failure> {
        let slot = {
            let mut slots = self.slots();
            let slot = slots.entry(destination.clone()).or_default();
            if let Some(Err((_, since))) = slot.get()
                && since.elapsed() > FAILURE_KEPT
            {
                *slot = Slot::default();
            }
            slot.clone()
        };
        let open = || async {
            let opened = self.open(destination, max_sessions).await;
            opened.map_err(|diagnosis| (diagnosis, Instant::now()))
        };
        match slot.get_or_init(open).await {
            Ok(connection) => Ok(connection.clone()),
            Err((diagnosis, _)) => Err(diagnosis.failure(site, destination)),
        }
    }

    /// The connection to a destination, which stood a moment ago. One that was lost meanwhile is made anew: nothing has
    /// been sent over it yet.
    async fn standing(
        &self,
        site: &str,
        destination: &Destination,
        max_sessions: Option<u32>,
    ) -> Result<Arc<Connection>, Failure> {
        let connection = self.connect(site, destination, max_sessions).await?;
        if connection.stands().await {
            return Ok(connection);
        }
        self.forget(&connection);
        self.connect(site, destination, max_sessions).await
    }

    async fn open(
        &self,
        destination: &Destination,
        max_sessions: Option<u32>,
    ) -> Result<Arc<Connection>, Diagnosis> {
        let patience = destination.connect_timeout.unwrap_or(PATIENCE);
        let begin = Instant::now();
        let mut tries: u32 = 1;
        loop {
            let opened = {
                let _start = self.0.starts.acquire().await;
                Connection::open(destination.clone(), max_sessions).await
            };
            match opened {
                Err(diagnosis) if diagnosis.passing && begin.elapsed() < patience => {
                    self.start_fewer();
                    // Not all at the same moment again.
                    let jitter = getrandom::u32().unwrap_or(0) % 300;
                    let pause = Duration::from_millis(u64::from(100 * tries.min(10) + jitter));
                    tokio::time::sleep(pause).await;
                    tries += 1;
                }
                opened => return opened.map(Arc::new),
            }
        }
    }

    /// A server closed a connection before the login: it allows fewer at a time than we thought.
    fn start_fewer(&self) {
        let fewer = |starts: usize| (starts > 2).then(|| starts - 1);
        if self
            .0
            .start_limit
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, fewer)
            .is_ok()
        {
            self.0.starts.forget_permits(1);
        }
    }

    /// Forgets a connection that no longer stands: who needs it next makes a new one.
    fn forget(&self, lost: &Arc<Connection>) {
        self.slots().retain(
            |_, slot| !matches!(slot.get(), Some(Ok(connection)) if Arc::ptr_eq(connection, lost)),
        );
    }

    /// Ends all connections that nobody uses any more.
    pub(crate) async fn close(&self) {
        let slots: Vec<Slot> = self.slots().drain().map(|(_, slot)| slot).collect();
        let mut closing = tokio::task::JoinSet::new();
        for slot in slots {
            if let Some(Ok(connection)) = Arc::into_inner(slot).and_then(OnceCell::into_inner)
                && let Some(connection) = Arc::into_inner(connection)
            {
                closing.spawn(connection.close());
            }
        }
        let _ = tokio::time::timeout(Duration::from_secs(10), closing.join_all()).await;
    }
}

impl Transport {
    /// This machine, with the same reaper as all that runs on it.
    pub(crate) fn here(&self) -> &Local {
        match self {
            Transport::Local(local) => local,
            Transport::Ssh { pool, .. } => &pool.0.local,
        }
    }

    /// Starts a script on the site.
    pub(crate) async fn spawn(&self, launch: Launch<'_>) -> Result<Process, Failure> {
        match self {
            Transport::Local(local) => local.spawn(launch).await,
            Transport::Ssh {
                pool,
                destination,
                max_sessions,
            } => {
                let connection = pool
                    .standing(launch.site, destination, *max_sessions)
                    .await?;
                let spawned = connection.spawn(launch).await;
                let Ok(mut process) = spawned else {
                    if !connection.is_alive().await {
                        pool.forget(&connection);
                    }
                    return spawned;
                };
                let pool = pool.clone();
                process.wait = Box::pin(async move {
                    let exit = process.wait.await;
                    if exit.is_err() {
                        pool.forget(&connection);
                    }
                    exit
                });
                Ok(process)
            }
        }
    }

    /// The site's connection, made if need be; `None` for this machine.
    pub(crate) async fn connection(&self, site: &str) -> Result<Option<Arc<Connection>>, Failure> {
        match self {
            Transport::Local(_) => Ok(None),
            Transport::Ssh {
                pool,
                destination,
                max_sessions,
            } => pool
                .standing(site, destination, *max_sessions)
                .await
                .map(Some),
        }
    }
}
