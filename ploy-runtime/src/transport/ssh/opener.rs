//! Opens a connection: takes over one that was kept, or starts a new master.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use openssh::{Session, Stdio};

use super::connection::Connection;
use super::master::{
    ConfigFingerprint, ConnectError, ConnectErrorKind, ConnectLimit, Destination, MasterSocket,
    SlotRecord, SocketDir, SocketSlot, explain_jump_failure, private_folder, retire_master,
    start_master,
};
use super::start_error::{is_out_of_files, is_refusal, out_of_files_cause};

/// How long connecting is tried again where the server drops the connection before the login, if
/// the site does not say.
const CONNECT_LIMIT: Duration = Duration::from_secs(30);

/// How long an unused connection is kept.
const KEPT_IDLE: Duration = Duration::from_secs(10 * 60);

/// How long a connection that is not kept outlives a program that was killed.
const ORPHAN_IDLE: Duration = Duration::from_secs(60);

/// A kept connection that was idle for this long is tested before use: the network may have gone
/// meanwhile, which its master notices only within a minute.
const TEST_AFTER: Duration = Duration::from_secs(15);

/// How long that test may take.
const TEST_LIMIT: Duration = Duration::from_secs(5);

/// Opens connections, for all destinations of a program.
pub(crate) struct ConnectionOpener {
    socket_dir: Option<SocketDir>,
    connect_limit: ConnectLimit,
    /// Of each configuration file that was asked for.
    fingerprints: Mutex<HashMap<Option<PathBuf>, ConfigFingerprint>>,
}

impl ConnectionOpener {
    pub(crate) fn new(socket_dir: Option<SocketDir>) -> Self {
        ConnectionOpener {
            socket_dir,
            connect_limit: ConnectLimit::new(),
            fingerprints: Mutex::default(),
        }
    }

    /// The connection to a destination that all programs of this user share, if connections are
    /// kept; otherwise one of our own.
    pub(super) async fn open(
        &self,
        destination: &Destination,
        max_sessions: Option<u32>,
    ) -> Result<Connection, ConnectError> {
        let Some(slot) = self.slot(destination) else {
            return self.open_own(destination, max_sessions).await;
        };
        let connection = |session| {
            let slot = Some(slot.clone());
            Connection::new(destination.clone(), session, max_sessions, slot)
        };
        let record = SlotRecord {
            destination: destination.to_string(),
            host: destination.host.clone(),
        };
        let first_seen = MasterSocket::at(&slot.socket);
        let mut state = look_up(&slot).await;
        if let KeptState::Alive(session) = state {
            return Ok(connection(session));
        }
        let Ok(_lock) = slot.lock().await else {
            return self.open_own(destination, max_sessions).await;
        };
        // Another program may have started the master while we waited for the lock.
        if !first_seen.is_current() {
            state = look_up(&slot).await;
        }
        match state {
            KeptState::Alive(session) => {
                // The program that started it may have been killed before it wrote the record.
                if slot.record().is_none() {
                    slot.write(&record);
                }
                return Ok(connection(session));
            }
            KeptState::Failed(cause) => {
                return Err(ConnectError::new(ConnectErrorKind::Other, cause));
            }
            // Its master would notice by itself, but only within a minute. What others run over it
            // may still come to its end.
            KeptState::Unresponsive => retire_master(&slot.socket, &destination.host).await,
            KeptState::Absent => {}
        }
        slot.clear();
        // Written before the connection exists, so that no connection is ever without a record.
        slot.write(&record);
        let started = self.start_master(destination, &slot.socket, KEPT_IDLE);
        if let Err(error) = started.await {
            slot.clear();
            return Err(error);
        }
        Ok(connection(resume(&slot)))
    }

    /// A connection of our own, which ends with us.
    pub(super) async fn open_own(
        &self,
        destination: &Destination,
        max_sessions: Option<u32>,
    ) -> Result<Connection, ConnectError> {
        let folder = private_folder()?;
        let socket = folder.path().join("master");
        self.start_master(destination, &socket, ORPHAN_IDLE).await?;
        let session = Session::new_native_mux(folder);
        let destination = destination.clone();
        Ok(Connection::new(destination, session, max_sessions, None))
    }

    /// Starts a master when the connect limit allows it, and again if the server drops the
    /// connection because it has too many.
    async fn start_master(
        &self,
        destination: &Destination,
        socket: &Path,
        persist: Duration,
    ) -> Result<(), ConnectError> {
        let limit = destination.connect_timeout.unwrap_or(CONNECT_LIMIT);
        let begin = Instant::now();
        let mut attempts = 1;
        loop {
            let permit = self.connect_limit.acquire().await;
            match start_master(destination, socket, persist).await {
                Err(error) if error.is_temporary() && begin.elapsed() < limit => {
                    // After the first attempt already: each may be a failed login for the jump
                    // host.
                    if error.kind == ConnectErrorKind::JumpDropped
                        && attempts == 1
                        && let Some(cause) = explain_jump_failure(destination).await
                    {
                        return Err(cause);
                    }
                    self.connect_limit.reduce();
                    drop(permit);
                    tokio::time::sleep(ConnectLimit::retry_delay(attempts)).await;
                    attempts += 1;
                }
                started => return started,
            }
        }
    }

    /// Where the connection to a destination is kept, if connections are kept.
    fn slot(&self, destination: &Destination) -> Option<SocketSlot> {
        let socket_dir = self.socket_dir.as_ref()?;
        let config = destination.config();
        let mut known = self
            .fingerprints
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let fingerprint = known
            .entry(config.map(ToOwned::to_owned))
            .or_insert_with(|| ConfigFingerprint::of(config));
        Some(socket_dir.slot(destination.slot_key(*fingerprint)))
    }
}

fn resume(slot: &SocketSlot) -> Session {
    Session::resume_mux(slot.socket.clone().into_boxed_path(), None)
}

/// What is found where a connection is kept.
enum KeptState {
    Absent,
    Alive(Session),
    /// There is a master, but the server does not answer.
    Unresponsive,
    /// It cannot be tested, because this machine lacks something.
    Failed(String),
}

/// Looks for the connection that is kept in a slot.
async fn look_up(slot: &SocketSlot) -> KeptState {
    // Without a socket there is no master to ask.
    if !slot.socket.exists() {
        return KeptState::Absent;
    }
    let session = resume(slot);
    match tokio::time::timeout(TEST_LIMIT, session.check()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) if is_out_of_files(&error) => {
            return KeptState::Failed(out_of_files_cause(&error));
        }
        _ => return KeptState::Absent,
    }
    if slot.idle_time() < TEST_AFTER {
        return KeptState::Alive(session);
    }
    if has_answer(&session).await {
        slot.touch();
        return KeptState::Alive(session);
    }
    KeptState::Unresponsive
}

/// Whether the server answers. One that refuses a session has answered.
async fn has_answer(session: &Session) -> bool {
    let run_nothing = async {
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
            Err(error) => is_refusal(&error),
        }
    };
    tokio::time::timeout(TEST_LIMIT, run_nothing)
        .await
        .unwrap_or(false)
}
