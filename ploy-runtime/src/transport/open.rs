//! How a connection comes to be: one that was kept, or a new one.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use openssh::{Session, Stdio};

use super::diagnose::{Diagnosis, Trouble};
use super::fingerprint::fingerprint;
use super::keep::{Keep, Note, Place};
use super::starts::Starts;
use super::{Connection, Destination, master};

/// How long a connection that is closed before the login is tried again, if the site does not say.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a kept connection is there without being used.
const KEPT: Duration = Duration::from_secs(10 * 60);

/// How long a connection that is not kept is there after we were killed.
const ORPHANED: Duration = Duration::from_secs(60);

/// Since when a kept connection must have been idle to be put to the test: the network may have gone meanwhile, which
/// its master notices within a minute.
const STALE: Duration = Duration::from_secs(15);

/// How long the test may take.
const TEST: Duration = Duration::from_secs(5);

/// Opens connections, for all destinations of a program.
pub(super) struct Opener {
    keep: Option<Keep>,
    starts: Starts,
    /// Of each configuration file that was asked for.
    fingerprints: Mutex<HashMap<Option<PathBuf>, u64>>,
}

impl Opener {
    pub(super) fn new(keep: Option<Keep>) -> Self {
        Opener {
            keep,
            starts: Starts::new(),
            fingerprints: Mutex::default(),
        }
    }

    /// The connection to a destination that all programs of this user share, if they are kept; else one of our own.
    pub(super) async fn open(
        &self,
        destination: &Destination,
        max_sessions: Option<u32>,
    ) -> Result<Connection, Diagnosis> {
        let Some(place) = self.place(destination) else {
            return self.open_alone(destination, max_sessions).await;
        };
        let kept = |session| Connection::new(destination.clone(), session, max_sessions);
        if let Some(session) = adopt(&place).await {
            return Ok(kept(session));
        }
        let Ok(_lock) = place.lock().await else {
            return self.open_alone(destination, max_sessions).await;
        };
        // Somebody else may have made it while we waited.
        if let Some(session) = adopt(&place).await {
            return Ok(kept(session));
        }
        place.clear();
        self.start(destination, |destination| {
            master::start(destination, &place.socket, KEPT)
        })
        .await?;
        place.write(&Note {
            destination: destination.to_string(),
            host: destination.host.clone(),
        });
        Ok(kept(resume(&place)))
    }

    /// A connection of our own, which ends with us.
    pub(super) async fn open_alone(
        &self,
        destination: &Destination,
        max_sessions: Option<u32>,
    ) -> Result<Connection, Diagnosis> {
        let folder = master::folder()?;
        let socket = folder.path().join("master");
        self.start(destination, |destination| {
            master::start(destination, &socket, ORPHANED)
        })
        .await?;
        let session = Session::new_native_mux(folder);
        Ok(Connection::new(destination.clone(), session, max_sessions))
    }

    /// Starts a master, as soon as there is a place, and again if a server drops it for having too many.
    async fn start<'a, F>(
        &self,
        destination: &'a Destination,
        start: impl Fn(&'a Destination) -> F,
    ) -> Result<(), Diagnosis>
    where
        F: Future<Output = Result<(), Diagnosis>>,
    {
        let patience = destination.connect_timeout.unwrap_or(PATIENCE);
        let begin = Instant::now();
        let mut tries = 1;
        loop {
            let place = self.starts.begin().await;
            match start(destination).await {
                Err(diagnosis) if diagnosis.is_passing() && begin.elapsed() < patience => {
                    if diagnosis.trouble == Trouble::JumpDropped
                        && tries == 2
                        && let Some(reason) = master::explain(destination).await
                    {
                        return Err(reason);
                    }
                    self.starts.dropped(place);
                    tokio::time::sleep(Starts::pause(tries)).await;
                    tries += 1;
                }
                started => return started,
            }
        }
    }

    fn place(&self, destination: &Destination) -> Option<Place> {
        let keep = self.keep.as_ref()?;
        let config = destination.config();
        let mut known = self
            .fingerprints
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let known = known
            .entry(config.map(ToOwned::to_owned))
            .or_insert_with(|| fingerprint(config));
        Some(keep.place(destination.key(*known)))
    }

    /// Notes that the kept connection to a destination was used until now.
    pub(super) fn used(&self, destination: &Destination) {
        if let Some(place) = self.place(destination) {
            place.touch();
        }
    }
}

fn resume(place: &Place) -> Session {
    Session::resume_mux(place.socket.clone().into_boxed_path(), None)
}

/// The connection that is kept in this place, if there is one and it stands.
async fn adopt(place: &Place) -> Option<Session> {
    // Nobody needs to be asked about a socket that is not there.
    place.socket.try_exists().ok().filter(|exists| *exists)?;
    let session = resume(place);
    let check = tokio::time::timeout(TEST, session.check()).await;
    if !matches!(check, Ok(Ok(()))) {
        return None;
    }
    if place.idle() < STALE || answers(&session).await {
        return Some(session);
    }
    // Its master would find out by itself, but not before a minute has passed.
    if let Some(note) = place.note() {
        master::stop(&place.socket, &note.host).await;
    }
    None
}

/// Whether the other side answers. A server that allows no further session has answered.
async fn answers(session: &Session) -> bool {
    let ask = async {
        let child = session
            .raw_command("exit 0")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .await;
        match child {
            Ok(child) => {
                let _ = child.wait().await;
                true
            }
            Err(error) => super::connection::is_refusal(&error),
        }
    };
    tokio::time::timeout(TEST, ask).await.unwrap_or(false)
}
