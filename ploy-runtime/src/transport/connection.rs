use std::ffi::OsStr;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use openssh::{Child, ChildStdin, Session, Stdio};
use tokio::sync::{Semaphore, oneshot};

use super::diagnose::Diagnosis;
use super::launch::feed;
use super::process::Group;
use super::reaper::{self, Reaper, Started, command_line};
use super::{Destination, Exit, Launch, Process, master};
use crate::error::{Failure, Kind};

/// sshd allows 10 sessions on a connection (MaxSessions); some are left for the reaper and for rsync.
const SESSIONS: u32 = 8;

/// How long a connection that was seen to stand is taken to stand.
const SEEN_LATELY: Duration = Duration::from_millis(500);

/// An ssh connection, shared by all sites of its destination.
pub(crate) struct Connection {
    pub(crate) destination: Destination,
    session: Arc<Session>,
    pub(crate) sessions: Arc<Semaphore>,
    /// How many commands have a session now.
    open: Arc<AtomicUsize>,
    /// Given up where the server turns out to allow a single session: then each command watches itself.
    reaper: Mutex<Option<Arc<Reaper>>>,
    /// When the connection was last seen to stand.
    seen: Mutex<Instant>,
}

impl Connection {
    /// Connects, and starts the reaper on the other side.
    pub(super) async fn open(
        destination: Destination,
        max_sessions: Option<u32>,
    ) -> Result<Self, Diagnosis> {
        let directory = master::start(&destination).await?;
        let session = Arc::new(Session::new_native_mux(directory));
        let sessions = max_sessions.unwrap_or(SESSIONS).max(1);
        // Where one session is all there is, it is for the commands.
        let reaper = (sessions > 1).then(|| {
            let session = session.clone();
            Arc::new(Reaper::begin(|arguments| start_reaper(session, arguments)))
        });
        Ok(Connection {
            destination,
            session,
            sessions: Arc::new(Semaphore::new(sessions as usize)),
            open: Arc::default(),
            reaper: Mutex::new(reaper),
            seen: Mutex::new(Instant::now()),
        })
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

    /// Starts a script on the other side.
    pub(super) async fn spawn(self: &Arc<Self>, launch: Launch<'_>) -> Result<Process, Failure> {
        let Launch {
            site,
            shell,
            script,
            input,
        } = launch;
        let permit = self.sessions.clone().acquire_owned().await.ok();
        let (mut child, registration) = loop {
            let reaper = self.reaper();
            let (give_stdin, stdin) = oneshot::channel::<ChildStdin>();
            let (registration, mut text) = match &reaper {
                Some(reaper) => reaper.register(),
                None => reaper::watchdog(async { stdin.await.ok() }),
            };
            text.extend_from_slice(reaper::END_CHILDREN.as_bytes());
            text.extend_from_slice(script);
            // `exec`, so that the shell that registers leads the session which sshd makes for each command.
            let mut line = b"exec ".to_vec();
            line.extend(crate::shell::quoted(shell.as_bytes()));
            line.extend_from_slice(b" -c ");
            line.extend(crate::shell::quoted(&text));
            let piped = reaper.is_none() || input.is_some();
            match self.start(&line, piped).await {
                Ok(mut child) => {
                    if reaper.is_none()
                        && let Some(stdin) = child.stdin().take()
                    {
                        let _ = give_stdin.send(stdin);
                    }
                    break (child, registration);
                }
                // None of our commands has a session, so the reaper has the only one.
                Err(openssh::Error::SshMux(error)) if is_refusal(&error) && reaper.is_some() => {
                    self.give_up_reaper();
                }
                Err(error) => return Err(self.lost(site, &error)),
            }
        };
        let open = Open::new(&self.open);
        let feed = input
            .zip(child.stdin().take())
            .map(|(input, stdin)| feed(input, stdin));
        let group = Group::new(None, Some(registration));
        let (Some(stdout), Some(stderr)) = (child.stdout().take(), child.stderr().take()) else {
            // Both were asked for in `start`.
            return Err(Failure::new(
                Kind::Other,
                format!("cannot read the output of a command on {site}"),
                "no pipe",
            ));
        };
        let (connection, site) = (self.clone(), site.to_owned());
        Ok(Process {
            stdout: Box::pin(stdout),
            stderr: Box::pin(stderr),
            feed,
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
        let mut pause = Duration::from_millis(50);
        let begin = Instant::now();
        loop {
            let started = self
                .session
                .clone()
                .arc_raw_command(OsStr::from_bytes(line))
                .stdin(if piped { Stdio::piped() } else { Stdio::null() })
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .await;
            match started {
                // The server allows fewer sessions than we thought. While others run one of them will end; meanwhile
                // we hold a place, so there is one less for the next.
                Err(openssh::Error::SshMux(error))
                    if is_refusal(&error) && self.may_wait(begin) =>
                {
                    tokio::time::sleep(pause).await;
                    pause = (pause * 3 / 2).min(Duration::from_secs(1));
                }
                started => {
                    self.touch();
                    return started;
                }
            }
        }
    }

    /// Whether a refused session is worth another try: one of ours will end, or one that ended is not gone yet.
    fn may_wait(&self, begin: Instant) -> bool {
        let patience = Duration::from_secs(if self.reaper().is_some() { 1 } else { 10 });
        self.open.load(Ordering::Relaxed) > 0 || begin.elapsed() < patience
    }

    fn reaper(&self) -> Option<Arc<Reaper>> {
        self.reaper
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Without its last holder the reaper ends, and its session is free.
    fn give_up_reaper(&self) {
        *self.reaper.lock().unwrap_or_else(PoisonError::into_inner) = None;
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
        if matches!(error, openssh::Error::SshMux(error) if is_refusal(error)) {
            let headline = format!(
                "the ssh server of {site} ({}) allows no further command",
                self.destination
            );
            return Failure::new(
                Kind::Unreachable,
                headline,
                "it refused to open a session on the connection",
            )
            .with_hint("set the site's `max_sessions` to the server's MaxSessions");
        }
        let mut cause = error.to_string();
        let mut source = std::error::Error::source(error);
        while let Some(error) = source {
            cause = format!("{cause}: {error}");
            source = error.source();
        }
        Failure::new(Kind::Unreachable, format!("the connection to {site} ({}) was lost", self.destination), cause)
            .with_hint("what the command has done so far is not known; look at the site before you run it again")
    }

    /// Ends the connection.
    pub(super) async fn close(self) {
        let reaper = self
            .reaper
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(reaper) = reaper.and_then(Arc::into_inner) {
            reaper.close().await;
        }
        // The last holder of the session asks the master to exit, and waits for its answer.
        let session = self.session;
        let _ = tokio::task::spawn_blocking(move || drop(session)).await;
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

fn is_refusal(error: &impl std::fmt::Display) -> bool {
    error.to_string().contains("refused")
}

async fn start_reaper(
    session: Arc<Session>,
    arguments: [String; 4],
) -> Option<Started<ChildStdin, Child<Arc<Session>>>> {
    let line: std::ffi::OsString =
        std::os::unix::ffi::OsStringExt::from_vec(command_line(&arguments));
    let mut child = session
        .arc_raw_command(line)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .await
        .ok()?;
    // The child holds the session open.
    Some(Started {
        stdin: child.stdin().take()?,
        keep: child,
    })
}
