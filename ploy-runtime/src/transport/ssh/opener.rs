//! How a connection comes to be: one that was kept, or a new one.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use openssh::{Session, Stdio};

use super::start_error::full_cause;
use super::start_error::is_full;
use crate::transport::Connection;
use crate::transport::Destination;
use crate::transport::ssh::master::Diagnosis;
use crate::transport::ssh::master::Keep;
use crate::transport::ssh::master::Note;
use crate::transport::ssh::master::Place;
use crate::transport::ssh::master::Socket;
use crate::transport::ssh::master::Starts;
use crate::transport::ssh::master::Trouble;
use crate::transport::ssh::master::fingerprint;
use crate::transport::ssh::master::process;

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
pub(crate) struct Opener {
    keep: Option<Keep>,
    starts: Starts,
    /// Of each configuration file that was asked for.
    fingerprints: Mutex<HashMap<Option<PathBuf>, u64>>,
}

impl Opener {
    pub(crate) fn new(keep: Option<Keep>) -> Self {
        Opener {
            keep,
            starts: Starts::new(),
            fingerprints: Mutex::default(),
        }
    }

    /// The connection to a destination that all programs of this user share, if they are kept; else one of our own.
    pub(crate) async fn open(
        &self,
        destination: &Destination,
        max_sessions: Option<u32>,
    ) -> Result<Connection, Diagnosis> {
        let Some(place) = self.place(destination) else {
            return self.open_alone(destination, max_sessions).await;
        };
        let kept = |session| {
            let place = Some(place.clone());
            Connection::new(destination.clone(), session, max_sessions, place)
        };
        let note = Note {
            destination: destination.to_string(),
            host: destination.host.clone(),
        };
        let seen = Socket::at(&place.socket);
        let mut found = adopt(&place).await;
        if let Found::Standing(session) = found {
            return Ok(kept(session));
        }
        let Ok(_lock) = place.lock().await else {
            return self.open_alone(destination, max_sessions).await;
        };
        // Somebody else may have made it while we waited.
        if !seen.is_there() {
            found = adopt(&place).await;
        }
        match found {
            Found::Standing(session) => {
                // Whoever made it may have been killed before it was noted.
                if place.note().is_none() {
                    place.write(&note);
                }
                return Ok(kept(session));
            }
            Found::Failed(cause) => return Err(Diagnosis::new(Trouble::Other, cause)),
            // Its master would find out by itself, but not before a minute has passed. What others have running over
            // it may yet come to its end.
            Found::Silent => process::retire(&place.socket, &destination.host).await,
            Found::Nothing => {}
        }
        place.clear();
        // Before the connection is there, so that none is ever without.
        place.write(&note);
        let started = self.start(destination, |destination| {
            process::start(destination, &place.socket, KEPT)
        });
        if let Err(diagnosis) = started.await {
            place.clear();
            return Err(diagnosis);
        }
        Ok(kept(resume(&place)))
    }

    /// A connection of our own, which ends with us.
    pub(crate) async fn open_alone(
        &self,
        destination: &Destination,
        max_sessions: Option<u32>,
    ) -> Result<Connection, Diagnosis> {
        let folder = process::folder()?;
        let socket = folder.path().join("master");
        self.start(destination, |destination| {
            process::start(destination, &socket, ORPHANED)
        })
        .await?;
        let session = Session::new_native_mux(folder);
        let destination = destination.clone();
        Ok(Connection::new(destination, session, max_sessions, None))
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
                    // Soon, since each try may be a failed login for the jump host.
                    if diagnosis.trouble == Trouble::JumpDropped
                        && tries == 1
                        && let Some(reason) = process::explain(destination).await
                    {
                        return Err(reason);
                    }
                    self.starts.dropped();
                    drop(place);
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
}

fn resume(place: &Place) -> Session {
    Session::resume_mux(place.socket.clone().into_boxed_path(), None)
}

/// What is found where a connection is kept.
enum Found {
    Nothing,
    Standing(Session),
    /// There is a master, but the other side does not answer.
    Silent,
    /// It cannot be asked, for lack of something on this machine.
    Failed(String),
}

/// The connection that is kept in this place.
async fn adopt(place: &Place) -> Found {
    // Nobody needs to be asked about a socket that is not there.
    if !place.socket.exists() {
        return Found::Nothing;
    }
    let session = resume(place);
    match tokio::time::timeout(TEST, session.check()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) if is_full(&error) => return Found::Failed(full_cause(&error)),
        _ => return Found::Nothing,
    }
    if place.idle() < STALE {
        return Found::Standing(session);
    }
    if answers(&session).await {
        place.touch();
        return Found::Standing(session);
    }
    Found::Silent
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
            Err(error) => super::start_error::is_refusal(&error),
        }
    };
    tokio::time::timeout(TEST, ask).await.unwrap_or(false)
}
