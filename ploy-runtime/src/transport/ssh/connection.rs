//! One ssh connection, and the commands on it.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use openssh::{Child, ChildStdin, Session, Stdio};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::begin_mark::{AfterBeginMark, PRINT_MARK};
use super::command_guards::{CommandGuard, CommandGuards};
use super::master::{Destination, MasterSocket, SocketSlot};
use super::session_backoff::SessionBackoff;
use super::start_error::{
    StartError, is_out_of_files, is_refusal, out_of_files, too_long, was_not_sent,
};
use crate::error::{Failure, Kind};
use crate::transport::command_line::{MAX_COMMAND_LINE, command_line};
use crate::transport::guard::{
    Registered, RemoteState, WithoutLeftoverNotice, exit_trap, watchdog,
};
use crate::transport::input::feed_input;
use crate::transport::process::{Exit, Process};
use crate::transport::process_group::ProcessGroup;
use crate::transport::spawn_request::SpawnRequest;

/// sshd allows 10 sessions on a connection (MaxSessions); some are left for the reaper and for
/// rsync.
const DEFAULT_SESSIONS: u32 = 8;

/// How long a connection that was seen alive is taken to be alive.
const SEEN_RECENTLY: Duration = Duration::from_millis(500);

/// How long the master may take to say that it is alive.
const CHECK_LIMIT: Duration = Duration::from_secs(5);

/// How often a use of a kept connection is recorded at most, for all other programs.
const RECORD_INTERVAL: Duration = Duration::from_secs(5);

/// An ssh connection, shared by all sites of its destination.
pub(crate) struct Connection {
    pub(crate) destination: Destination,
    pub(super) session: Arc<Session>,
    /// One permit for each session that a command or a transfer may have.
    pub(crate) sessions: Arc<Semaphore>,
    pub(super) backoff: SessionBackoff,
    pub(super) guards: CommandGuards,
    /// How many sessions of ours are open now.
    open_sessions: Arc<AtomicUsize>,
    socket: MasterSocket,
    last_seen: Mutex<LastSeen>,
    /// Where it is kept; `None` if it is ours alone.
    slot: Option<SocketSlot>,
}

/// When a connection was last seen alive, and when that was last recorded for other programs.
struct LastSeen {
    at: Instant,
    recorded: Option<Instant>,
}

impl Connection {
    /// The connection of the master whose socket the session knows. `slot` is where the connection
    /// is kept, unless it is ours alone.
    pub(super) fn new(
        destination: Destination,
        session: Session,
        max_sessions: Option<u32>,
        slot: Option<SocketSlot>,
    ) -> Self {
        let socket = MasterSocket::at(session.control_socket());
        let sessions = max_sessions.unwrap_or(DEFAULT_SESSIONS).max(1);
        Connection {
            destination,
            session: Arc::new(session),
            sessions: Arc::new(Semaphore::new(sessions as usize)),
            backoff: SessionBackoff::default(),
            guards: CommandGuards::new(sessions == 1),
            open_sessions: Arc::default(),
            socket,
            last_seen: Mutex::new(LastSeen {
                at: Instant::now(),
                recorded: None,
            }),
            slot,
        }
    }

    /// The socket of the connection's master.
    pub(crate) fn socket(&self) -> &Path {
        self.socket.path()
    }

    /// Whether the connection is alive. A later one with the same socket path does not count.
    pub(crate) async fn is_alive(&self) -> bool {
        if !self.socket.is_current() {
            return false;
        }
        let answers = match tokio::time::timeout(CHECK_LIMIT, self.session.check()).await {
            Ok(Ok(())) => true,
            // Running out of descriptors here does not mean that the master is dead.
            Ok(Err(error)) => is_out_of_files(&error),
            Err(_) => false,
        };
        answers && self.socket.is_current()
    }

    /// Whether the connection is alive, or was a moment ago.
    pub(super) async fn was_alive_recently(&self) -> bool {
        if !self.socket.is_current() {
            return false;
        }
        if self.last_seen().at.elapsed() < SEEN_RECENTLY {
            return true;
        }
        let is_alive = self.is_alive().await;
        if is_alive {
            self.last_seen().at = Instant::now();
        }
        is_alive
    }

    /// How many sessions our commands and transfers have open now.
    pub(super) fn open_sessions(&self) -> usize {
        self.open_sessions.load(Ordering::Relaxed)
    }

    /// Counts a session as open, until the result is dropped. The permit is the right to one.
    pub(crate) fn claim_session(&self, permit: OwnedSemaphorePermit) -> OpenSession {
        self.open_sessions.fetch_add(1, Ordering::Relaxed);
        OpenSession {
            open_sessions: self.open_sessions.clone(),
            _permit: permit,
        }
    }

    /// Holds all free permits back for a while, so that commands go to another connection.
    pub(super) fn avoid_for_a_while(&self) {
        let free = u32::try_from(self.sessions.available_permits()).unwrap_or(u32::MAX);
        if free > 0
            && let Ok(permits) = self.sessions.clone().try_acquire_many_owned(free)
        {
            self.backoff.give_back_later(permits);
        }
    }

    /// Starts a script on the other side, guarded so that it ends when we do. Takes the request's
    /// input only if the script was started.
    pub(super) async fn spawn(
        self: &Arc<Self>,
        request: &mut SpawnRequest<'_>,
        guard: CommandGuard,
        permit: OwnedSemaphorePermit,
    ) -> Result<Process, StartError> {
        let site = request.site;
        let (send_stdin, stdin) = oneshot::channel::<ChildStdin>();
        let has_watchdog = matches!(guard, CommandGuard::Watchdog);
        let remote = Arc::new(RemoteState::new());
        let registered = register(guard, stdin, &remote, request.can_ask);
        let mut prologue = registered.prologue;
        prologue.extend_from_slice(PRINT_MARK.as_bytes());
        let script = request.whole_script(prologue, Some(&remote));
        let line = command_line(request.shell, &script);
        if line.len() > MAX_COMMAND_LINE {
            return Err(StartError::Failed(too_long(site, script.len())));
        }
        let has_stdin = has_watchdog || request.input.is_some();
        let mut child = match self.start(&line, has_stdin).await {
            Ok(child) => child,
            Err(error) if is_refusal(&error) => return Err(StartError::SessionRefused(permit)),
            Err(error) if was_not_sent(&error) => return Err(StartError::ConnectionGone),
            Err(error) if is_out_of_files(&error) => {
                return Err(StartError::Failed(out_of_files(site, &error)));
            }
            Err(error) => return Err(StartError::Failed(self.lost(site, &error))),
        };
        let open_session = self.claim_session(permit);
        let mut stdin = child.stdin().take();
        let mut feed = None;
        if has_watchdog {
            if let Some(stdin) = stdin.take() {
                let _ = send_stdin.send(stdin);
            }
        } else if let (Some(input), Some(stdin)) = (request.input.take(), stdin) {
            feed = Some(feed_input(input, stdin));
        }
        let group = ProcessGroup::remote(remote.clone(), registered.registration);
        let (Some(stdout), Some(stderr)) = (child.stdout().take(), child.stderr().take()) else {
            // Both pipes were asked for in `start`.
            return Err(StartError::Failed(Failure::new(
                Kind::Other,
                format!("cannot read the output of a command on {site}"),
                "no pipe",
            )));
        };
        let stdout = AfterBeginMark::new(stdout, remote.clone());
        let wait = self.clone().wait(child, open_session, site.to_owned());
        Ok(Process {
            // A script may have redirected its standard error into its standard output.
            stdout: Box::pin(WithoutLeftoverNotice::new(stdout, remote.clone())),
            stderr: Box::pin(WithoutLeftoverNotice::new(stderr, remote)),
            requests: registered.requests,
            feed,
            wait: Box::pin(wait),
            group,
            // The exit is known when the master's client goes, and the master then drops output
            // that it has not passed on.
            must_drain_first: true,
        })
    }

    async fn start(
        &self,
        line: &[u8],
        has_stdin: bool,
    ) -> Result<Child<Arc<Session>>, openssh::Error> {
        let started = self
            .session
            .clone()
            .arc_raw_command(OsStr::from_bytes(line))
            .stdin(if has_stdin {
                Stdio::piped()
            } else {
                Stdio::null()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .await;
        if started.is_ok() {
            self.touch();
        }
        started
    }

    async fn wait(
        self: Arc<Self>,
        child: Child<Arc<Session>>,
        _open_session: OpenSession,
        site: String,
    ) -> Result<Exit, Failure> {
        let waited = child.wait().await;
        if waited.is_ok() {
            self.touch();
        }
        match waited {
            Ok(status) => Ok(status.code().map_or(Exit::Signal(None), Exit::Code)),
            // The openssh crate reports exit status 127 as this error.
            Err(openssh::Error::Remote(error)) if error.kind() == ErrorKind::NotFound => {
                Ok(Exit::Code(127))
            }
            // A signal and a dead master give the same error; the master knows which it was.
            Err(openssh::Error::RemoteProcessTerminated) if self.is_alive().await => {
                Ok(Exit::Signal(None))
            }
            Err(error) => Err(self.lost(&site, &error)),
        }
    }

    /// Notes that the connection was seen alive just now.
    fn touch(&self) {
        let now = Instant::now();
        let mut last_seen = self.last_seen();
        last_seen.at = now;
        let is_due = last_seen
            .recorded
            .is_none_or(|recorded| now - recorded >= RECORD_INTERVAL);
        if let Some(slot) = self.slot.as_ref().filter(|_| is_due) {
            last_seen.recorded = Some(now);
            slot.touch();
        }
    }

    fn last_seen(&self) -> MutexGuard<'_, LastSeen> {
        // Two times, each whole.
        self.last_seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn lost(&self, site: &str, error: &openssh::Error) -> Failure {
        let mut cause = error.to_string();
        let mut source = std::error::Error::source(error);
        while let Some(error) = source {
            cause = format!("{cause}: {error}");
            source = error.source();
        }
        let headline = format!("the connection to {site} ({}) was lost", self.destination);
        Failure::new(Kind::Unreachable, headline, cause).with_hint(
            "what the command has done so far is not known; look at the site before you run it again",
        )
    }

    /// Ends the guards of the commands, and the connection too if it is ours alone.
    pub(super) async fn close(self) {
        self.guards.close().await;
        if self.slot.is_none() {
            // Dropping the last copy of the session asks the master to exit, and blocks until it
            // answers.
            let session = self.session;
            let _ = tokio::task::spawn_blocking(move || drop(session)).await;
        }
    }
}

/// Registers a command with its guard.
fn register(
    guard: CommandGuard,
    stdin: oneshot::Receiver<ChildStdin>,
    remote: &RemoteState,
    can_ask: bool,
) -> Registered {
    match guard {
        CommandGuard::Reaper(reaper) => {
            let mut registered = reaper.register(can_ask);
            let trap = exit_trap(None, Some(remote));
            registered.prologue.extend_from_slice(trap.as_bytes());
            registered
        }
        CommandGuard::Watchdog => {
            let (registration, prologue) = watchdog(async { stdin.await.ok() }, remote);
            Registered {
                registration,
                prologue: prologue.into_bytes(),
                requests: None,
            }
        }
    }
}

/// A session that is open, until this is dropped.
pub(crate) struct OpenSession {
    open_sessions: Arc<AtomicUsize>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for OpenSession {
    fn drop(&mut self) {
        // Fields are dropped after this: the session is not counted any more when others get its
        // permit.
        self.open_sessions.fetch_sub(1, Ordering::Relaxed);
    }
}
