//! Which reaper or watchdog ends the commands of a connection when we are gone.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::sync::Arc;
use std::time::Duration;

use openssh::{Session, Stdio};
use tokio::sync::{Mutex, MutexGuard};

use super::start_error::{is_refusal, was_not_sent};
use crate::transport::command_line::command_line;
use crate::transport::guard::{Reaper, ReaperError, ReaperPipe, ReaperProcess};

/// How long a reaper may take to end.
const CLOSE_LIMIT: Duration = Duration::from_secs(10);

/// What ends one command when we are gone.
pub(super) enum CommandGuard {
    /// A watchdog in the command itself, by its standard input.
    Watchdog,
    /// A reaper: the command needs its standard input for what it reads, or asks for something.
    Reaper(Arc<Reaper>),
}

/// The guards of one connection's commands. A command without an input and without requests has a
/// watchdog, which costs no further session. The first other command starts a reaper, which then
/// guards all commands of that kind.
pub(super) struct CommandGuards {
    location: Mutex<ReaperLocation>,
    /// Held while another connection is opened for a reaper.
    start_turn: Mutex<()>,
}

/// Which connection the reaper's session is on, and the reaper if it was started.
enum ReaperLocation {
    ThisConnection(Option<Arc<Reaper>>),
    /// The server allows a single session on this connection, and that is for the commands.
    OtherConnection(Option<Arc<Reaper>>),
}

/// What is to guard the next command.
pub(super) enum GuardChoice {
    Guard(CommandGuard),
    /// A reaper on another connection has to be started first.
    NeedsOtherConnection,
    /// The connection was lost.
    ConnectionGone,
}

impl CommandGuards {
    /// The guards of a connection; `is_single` if it takes one session at a time.
    pub(super) fn new(is_single: bool) -> Self {
        let location = if is_single {
            ReaperLocation::OtherConnection(None)
        } else {
            ReaperLocation::ThisConnection(None)
        };
        CommandGuards {
            location: Mutex::new(location),
            start_turn: Mutex::default(),
        }
    }

    /// Waits for the turn to start a reaper on another connection. So there is one of them, and not
    /// one for each command that waits.
    pub(super) async fn start_turn(&self) -> MutexGuard<'_, ()> {
        self.start_turn.lock().await
    }

    /// Chooses the guard of the next command, and starts a reaper on this connection if need be.
    pub(super) async fn choose(&self, session: &Arc<Session>, needs_reaper: bool) -> GuardChoice {
        if !needs_reaper {
            return GuardChoice::Guard(CommandGuard::Watchdog);
        }
        let mut location = self.location.lock().await;
        match &*location {
            ReaperLocation::ThisConnection(Some(reaper))
            | ReaperLocation::OtherConnection(Some(reaper))
                if reaper.is_reachable() =>
            {
                GuardChoice::Guard(CommandGuard::Reaper(reaper.clone()))
            }
            ReaperLocation::ThisConnection(_) => match start_reaper(session.clone()).await {
                Ok(reaper) => {
                    *location = ReaperLocation::ThisConnection(Some(reaper.clone()));
                    GuardChoice::Guard(CommandGuard::Reaper(reaper))
                }
                Err(ReaperError::ConnectionGone) => GuardChoice::ConnectionGone,
                Err(_) => {
                    *location = ReaperLocation::OtherConnection(None);
                    GuardChoice::NeedsOtherConnection
                }
            },
            ReaperLocation::OtherConnection(_) => GuardChoice::NeedsOtherConnection,
        }
    }

    /// Starts a reaper over another connection.
    pub(super) async fn start_on_other(
        &self,
        session: &Arc<Session>,
    ) -> Result<CommandGuard, ReaperError> {
        let reaper = start_reaper(session.clone()).await?;
        *self.location.lock().await = ReaperLocation::OtherConnection(Some(reaper.clone()));
        Ok(CommandGuard::Reaper(reaper))
    }

    /// Gives up the reaper on this connection, because the server refuses a session though no
    /// command has one. Returns whether there was such a reaper.
    pub(super) async fn give_up_reaper(&self) -> bool {
        let mut location = self.location.lock().await;
        let is_here = matches!(&*location, ReaperLocation::ThisConnection(Some(_)));
        if is_here {
            *location = ReaperLocation::OtherConnection(None);
        }
        is_here
    }

    /// Ends the reaper, if there is one.
    pub(super) async fn close(self) {
        if let ReaperLocation::ThisConnection(Some(reaper))
        | ReaperLocation::OtherConnection(Some(reaper)) = self.location.into_inner()
            && let Some(reaper) = Arc::into_inner(reaper)
        {
            let _ = tokio::time::timeout(CLOSE_LIMIT, reaper.close()).await;
        }
    }
}

async fn start_reaper(session: Arc<Session>) -> Result<Arc<Reaper>, ReaperError> {
    let pipe = ReaperPipe::new();
    let line = command_line("sh", pipe.script().as_bytes());
    let spawned = session
        .arc_raw_command(OsString::from_vec(line))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .await;
    let mut child = spawned.map_err(|error| {
        if is_refusal(&error) {
            ReaperError::SessionRefused
        } else if was_not_sent(&error) {
            ReaperError::ConnectionGone
        } else {
            ReaperError::NotStarted(error.into())
        }
    })?;
    let (Some(stdin), Some(stdout)) = (child.stdin().take(), child.stdout().take()) else {
        // Both pipes were asked for a few lines above.
        return Err(ReaperError::NotStarted("no pipe".into()));
    };
    let process = ReaperProcess {
        stdin,
        stdout: Box::pin(stdout),
        // The child holds the session open.
        child,
    };
    Reaper::attach(pipe, process, true).await.map(Arc::new)
}
