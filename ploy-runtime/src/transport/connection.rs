use std::ffi::OsStr;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use openssh::{Child, ChildStdin, Session, Stdio};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::guard::{Guard, Guards};
use super::launch::feed;
use super::line::{LONGEST, command_line};
use super::mark::{self, AfterMark};
use super::process::Group;
use super::reaper::Registration;
use super::watchdog::watchdog;
use super::{Destination, Exit, Launch, Process};
use crate::error::{Failure, Kind};

/// sshd allows 10 sessions on a connection (MaxSessions); some are left for the reaper and for rsync.
const SESSIONS: u32 = 8;

/// How long a connection that was seen to stand is taken to stand.
const SEEN_LATELY: Duration = Duration::from_millis(500);

/// At its end a command's shell ends what it left in the background, which could else hold the output open for ever.
/// A script that sets a trap of its own for `EXIT` does without.
const END_CHILDREN: &str = "trap 'trap \"\" TERM; kill -s TERM 0' EXIT; ";

/// An ssh connection, shared by all sites of its destination.
pub(crate) struct Connection {
    pub(crate) destination: Destination,
    pub(super) session: Arc<Session>,
    pub(crate) sessions: Arc<Semaphore>,
    pub(super) guards: Guards,
    /// How many commands have a session now.
    open: Arc<AtomicUsize>,
    /// When the connection was last seen to stand.
    seen: Mutex<Instant>,
}

/// Why a command was not started.
pub(super) enum NotStarted {
    /// The server allows no further session on the connection now. The place that was one too many comes back.
    Refused(OwnedSemaphorePermit),
    /// There is no connection any more: nothing has been sent.
    Gone,
    /// It cannot be started, or the connection was lost and what became of the command is not known.
    Failed(Failure),
}

impl Connection {
    /// The connection whose master's socket the session knows.
    pub(super) fn new(
        destination: Destination,
        session: Session,
        max_sessions: Option<u32>,
    ) -> Self {
        let sessions = max_sessions.unwrap_or(SESSIONS).max(1);
        Connection {
            destination,
            session: Arc::new(session),
            sessions: Arc::new(Semaphore::new(sessions as usize)),
            // Where one session is all there is, it is for the commands.
            guards: Guards::new(sessions == 1),
            open: Arc::default(),
            seen: Mutex::new(Instant::now()),
        }
    }

    /// The socket of the connection's master.
    pub(crate) fn socket(&self) -> PathBuf {
        self.session.control_socket().to_owned()
    }

    /// Whether the connection still stands.
    pub(crate) async fn is_alive(&self) -> bool {
        matches!(
            tokio::time::timeout(Duration::from_secs(5), self.session.check()).await,
            Ok(Ok(()))
        )
    }

    /// How many commands of ours have a session now.
    pub(super) fn open_sessions(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// Starts a script on the other side, guarded so that it ends when we do. Takes the input only if it has started.
    pub(super) async fn spawn(
        self: &Arc<Self>,
        launch: &mut Launch<'_>,
        guard: Guard,
        permit: OwnedSemaphorePermit,
    ) -> Result<Process, NotStarted> {
        let site = launch.site;
        let (give_stdin, stdin) = oneshot::channel::<ChildStdin>();
        let is_watched = matches!(guard, Guard::Watchdog);
        let (registration, mut text) = prologue(guard, stdin);
        text.extend_from_slice(mark::PRINT.as_bytes());
        text.extend_from_slice(launch.script);
        let line = command_line(launch.shell, &text);
        if line.len() > LONGEST {
            return Err(NotStarted::Failed(too_long(site, launch.script.len())));
        }
        let piped = is_watched || launch.input.is_some();
        let mut child = match self.start(&line, piped).await {
            Ok(child) => child,
            Err(error) if is_refusal(&error) => return Err(NotStarted::Refused(permit)),
            Err(error) if was_not_sent(&error) => return Err(NotStarted::Gone),
            Err(error) => return Err(NotStarted::Failed(self.lost(site, &error))),
        };
        let open = Open::new(&self.open);
        let mut stdin = child.stdin().take();
        let mut feeding = None;
        if is_watched {
            if let Some(stdin) = stdin.take() {
                let _ = give_stdin.send(stdin);
            }
        } else if let (Some(input), Some(stdin)) = (launch.input.take(), stdin) {
            feeding = Some(feed(input, stdin));
        }
        let group = Group::new(None, Some(registration));
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
            stdout: Box::pin(AfterMark::new(stdout)),
            stderr: Box::pin(stderr),
            feed: feeding,
            wait: Box::pin(async move {
                let _held = (permit, open);
                let waited = child.wait().await;
                connection.touch();
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
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Whether the connection still stands, as far as is known from a short while ago.
    pub(super) async fn stands(&self) -> bool {
        let seen = *self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // A master takes its socket with it when it ends; one that was killed does not.
        if !self.session.control_socket().exists() {
            return false;
        }
        if seen.elapsed() < SEEN_LATELY {
            return true;
        }
        let stands = self.is_alive().await;
        if stands {
            self.touch();
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
    pub(super) async fn close(self) {
        self.guards.close().await;
        // The last holder of a session of its own asks the master to exit, and waits for its answer.
        let session = self.session;
        let _ = tokio::task::spawn_blocking(move || drop(session)).await;
    }
}

/// What runs before the script itself, and what stands for the command with its guard.
fn prologue(guard: Guard, stdin: oneshot::Receiver<ChildStdin>) -> (Registration, Vec<u8>) {
    match guard {
        Guard::Reaper(reaper) => {
            let (registration, mut text) = reaper.register();
            text.extend_from_slice(END_CHILDREN.as_bytes());
            (registration, text)
        }
        Guard::Watchdog => {
            let (registration, text) = watchdog(async { stdin.await.ok() });
            (registration, text.as_bytes().to_vec())
        }
    }
}

/// A command's session, as long as it is open.
struct Open(Arc<AtomicUsize>);

impl Open {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Open(count.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Whether the server allows no further session: `Session open refused by peer`, as the master passes it on.
pub(super) fn is_refusal(error: &openssh::Error) -> bool {
    matches!(error, openssh::Error::SshMux(error) if error.to_string().contains("refused by peer"))
}

/// Whether there is nobody at the master's socket.
fn was_not_sent(error: &openssh::Error) -> bool {
    let mut source = Some(error as &(dyn std::error::Error + 'static));
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<std::io::Error>() {
            return matches!(
                error.kind(),
                ErrorKind::ConnectionRefused | ErrorKind::NotFound
            );
        }
        source = error.source();
    }
    false
}

pub(super) fn too_long(site: &str, length: usize) -> Failure {
    Failure::new(
        Kind::Usage,
        format!("a script of {length} bytes is too long to be run on {site}"),
        format!("a command line holds at most {LONGEST} bytes"),
    )
    .with_hint("write it to a file on the site, or pass data by the standard input")
}
