use std::ffi::OsStr;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use openssh::{Child, ChildStdin, Session, Stdio};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::begin_mark;
use super::begin_mark::AfterMark;
use super::command_guards::Guard;
use super::command_guards::Guards;
use super::session_backoff::Rests;
use super::start_error::NotStarted;
use super::start_error::full;
use super::start_error::is_full;
use super::start_error::is_refusal;
use super::start_error::too_long;
use super::start_error::was_not_sent;
use crate::error::{Failure, Kind};
use crate::transport::Asks;
use crate::transport::Destination;
use crate::transport::Exit;
use crate::transport::Launch;
use crate::transport::Process;
use crate::transport::command_line::LONGEST;
use crate::transport::command_line::command_line;
use crate::transport::guard::Registration;
use crate::transport::guard::There;
use crate::transport::guard::WithoutLeft;
use crate::transport::guard::leftovers;
use crate::transport::guard::watchdog;
use crate::transport::process::Group;
use crate::transport::spawn_request::feed;
use crate::transport::ssh::master::Place;
use crate::transport::ssh::master::Socket;

/// sshd allows 10 sessions on a connection (MaxSessions); some are left for the reaper and for rsync.
const SESSIONS: u32 = 8;

/// How long a connection that was seen to stand is taken to stand.
const SEEN_LATELY: Duration = Duration::from_millis(500);

/// How often a use of a kept connection is noted at most, for all other programs.
const NOTED: Duration = Duration::from_secs(5);

/// An ssh connection, shared by all sites of its destination.
pub(crate) struct Connection {
    pub(crate) destination: Destination,
    pub(crate) session: Arc<Session>,
    pub(crate) sessions: Arc<Semaphore>,
    pub(crate) rests: Rests,
    pub(crate) guards: Guards,
    /// How many sessions of ours are open now.
    open: Arc<AtomicUsize>,
    socket: Socket,
    seen: Mutex<Seen>,
    /// Where it is kept, unless it is ours alone.
    place: Option<Place>,
}

struct Seen {
    /// When the connection was last seen to stand.
    at: Instant,
    noted: Option<Instant>,
}

impl Connection {
    /// The connection whose master's socket the session knows, and where it is kept, unless it is ours alone.
    pub(crate) fn new(
        destination: Destination,
        session: Session,
        max_sessions: Option<u32>,
        place: Option<Place>,
    ) -> Self {
        let socket = Socket::at(session.control_socket());
        let sessions = max_sessions.unwrap_or(SESSIONS).max(1);
        Connection {
            destination,
            session: Arc::new(session),
            sessions: Arc::new(Semaphore::new(sessions as usize)),
            rests: Rests::default(),
            // Where one session is all there is, it is for the commands.
            guards: Guards::new(sessions == 1),
            open: Arc::default(),
            socket,
            seen: Mutex::new(Seen {
                at: Instant::now(),
                noted: None,
            }),
            place,
        }
    }

    /// The socket of the connection's master.
    pub(crate) fn socket(&self) -> &Path {
        self.socket.path()
    }

    /// Whether the connection still stands. Another that has taken its place since does not count.
    pub(crate) async fn is_alive(&self) -> bool {
        if !self.socket.is_there() {
            return false;
        }
        let check = tokio::time::timeout(Duration::from_secs(5), self.session.check());
        let answers = match check.await {
            Ok(Ok(())) => true,
            // That it cannot be asked is no fault of it.
            Ok(Err(error)) => is_full(&error),
            Err(_) => false,
        };
        answers && self.socket.is_there()
    }

    /// How many sessions our commands and transfers have open now.
    pub(crate) fn open_sessions(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// Counts a session as open, as long as what comes back is there; it has the right to one.
    pub(crate) fn hold(&self, permit: OwnedSemaphorePermit) -> Held {
        self.open.fetch_add(1, Ordering::Relaxed);
        Held {
            open: self.open.clone(),
            _permit: permit,
        }
    }

    /// Starts a script on the other side, guarded so that it ends when we do. Takes the input only if it has started.
    pub(crate) async fn spawn(
        self: &Arc<Self>,
        launch: &mut Launch<'_>,
        guard: Guard,
        permit: OwnedSemaphorePermit,
    ) -> Result<Process, NotStarted> {
        let site = launch.site;
        let (give_stdin, stdin) = oneshot::channel::<ChildStdin>();
        let is_watched = matches!(guard, Guard::Watchdog);
        let there = Arc::new(There::new());
        let (registration, mut text, asks) = prologue(guard, stdin, &there, launch.asks);
        text.extend_from_slice(begin_mark::PRINT.as_bytes());
        let text = launch.whole(text, Some(&there));
        let line = command_line(launch.shell, &text);
        if line.len() > LONGEST {
            return Err(NotStarted::Failed(too_long(site, text.len())));
        }
        let piped = is_watched || launch.input.is_some();
        let mut child = match self.start(&line, piped).await {
            Ok(child) => child,
            Err(error) if is_refusal(&error) => return Err(NotStarted::Refused(permit)),
            Err(error) if was_not_sent(&error) => return Err(NotStarted::Gone),
            Err(error) if is_full(&error) => return Err(NotStarted::Failed(full(site, &error))),
            Err(error) => return Err(NotStarted::Failed(self.lost(site, &error))),
        };
        let held = self.hold(permit);
        let mut stdin = child.stdin().take();
        let mut feeding = None;
        if is_watched {
            if let Some(stdin) = stdin.take() {
                let _ = give_stdin.send(stdin);
            }
        } else if let (Some(input), Some(stdin)) = (launch.input.take(), stdin) {
            feeding = Some(feed(input, stdin));
        }
        let group = Group::there(there.clone(), registration);
        let (Some(stdout), Some(stderr)) = (child.stdout().take(), child.stderr().take()) else {
            // Both were asked for in `start`.
            return Err(NotStarted::Failed(Failure::new(
                Kind::Other,
                format!("cannot read the output of a command on {site}"),
                "no pipe",
            )));
        };
        let (connection, site) = (self.clone(), site.to_owned());
        Ok(Process {
            // A script may have put both into one.
            stdout: Box::pin(WithoutLeft::new(
                AfterMark::new(stdout, there.clone()),
                there.clone(),
            )),
            stderr: Box::pin(WithoutLeft::new(stderr, there)),
            asks,
            feed: feeding,
            wait: Box::pin(async move {
                let _held = held;
                let waited = child.wait().await;
                if waited.is_ok() {
                    connection.touch();
                }
                match waited {
                    Ok(status) => Ok(status.code().map_or(Exit::Signal(None), Exit::Code)),
                    // The crate's reading of status 127.
                    Err(openssh::Error::Remote(error)) if error.kind() == ErrorKind::NotFound => {
                        Ok(Exit::Code(127))
                    }
                    // Both a signal and a dead master look like this: the master knows.
                    Err(openssh::Error::RemoteProcessTerminated) if connection.is_alive().await => {
                        Ok(Exit::Signal(None))
                    }
                    Err(error) => Err(connection.lost(&site, &error)),
                }
            }),
            group,
            // The master drops what it has not passed on when its client goes, and that is when the exit is known.
            wait_last: true,
        })
    }

    async fn start(&self, line: &[u8], piped: bool) -> Result<Child<Arc<Session>>, openssh::Error> {
        let started = self
            .session
            .clone()
            .arc_raw_command(OsStr::from_bytes(line))
            .stdin(if piped { Stdio::piped() } else { Stdio::null() })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .await;
        if started.is_ok() {
            self.touch();
        }
        started
    }

    /// Notes that the connection was seen to stand.
    fn touch(&self) {
        let now = Instant::now();
        let mut seen = self.seen();
        seen.at = now;
        let is_new = seen.noted.is_none_or(|noted| now - noted >= NOTED);
        if let Some(place) = self.place.as_ref().filter(|_| is_new) {
            seen.noted = Some(now);
            place.touch();
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        // Two times, each whole.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the connection still stands, as far as is known from a short while ago.
    pub(crate) async fn stands(&self) -> bool {
        if !self.socket.is_there() {
            return false;
        }
        if self.seen().at.elapsed() < SEEN_LATELY {
            return true;
        }
        let stands = self.is_alive().await;
        if stands {
            self.seen().at = Instant::now();
        }
        stands
    }

    fn lost(&self, site: &str, error: &openssh::Error) -> Failure {
        let mut cause = error.to_string();
        let mut source = std::error::Error::source(error);
        while let Some(error) = source {
            cause = format!("{cause}: {error}");
            source = error.source();
        }
        Failure::new(Kind::Unreachable, format!("the connection to {site} ({}) was lost", self.destination), cause)
            .with_hint("what the command has done so far is not known; look at the site before you run it again")
    }

    /// Ends what guards the commands, and the connection too if it was ours alone: a kept one stays.
    pub(crate) async fn close(self) {
        self.guards.close().await;
        if self.place.is_none() {
            // The last holder of a session of its own asks the master to exit, and waits for its answer.
            let session = self.session;
            let _ = tokio::task::spawn_blocking(move || drop(session)).await;
        }
    }
}

/// What runs before the script itself, and what stands for the command with its guard.
fn prologue(
    guard: Guard,
    stdin: oneshot::Receiver<ChildStdin>,
    there: &There,
    asks: bool,
) -> (Registration, Vec<u8>, Option<Asks>) {
    match guard {
        Guard::Reaper(reaper) => {
            let (registration, mut text, asks) = reaper.register(asks);
            text.extend_from_slice(leftovers::at_exit(None, Some(there)).as_bytes());
            (registration, text, asks)
        }
        Guard::Watchdog => {
            let (registration, text) = watchdog(async { stdin.await.ok() }, there);
            (registration, text.into_bytes(), None)
        }
    }
}

/// A session, as long as it is open.
pub(crate) struct Held {
    open: Arc<AtomicUsize>,
    _permit: OwnedSemaphorePermit,
}

/// It does not count any more when its place is taken: the permit is dropped after this.
impl Drop for Held {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}
