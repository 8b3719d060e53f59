//! Who sees to it that a command on another host ends when we do.

use std::sync::Arc;
use std::time::Duration;

use openssh::{Session, Stdio};
use tokio::sync::{Mutex, MutexGuard};

use super::start_error::is_refusal;
use super::start_error::was_not_sent;
use crate::transport::guard::Reaper;
use crate::transport::guard::Started;
use crate::transport::guard::reaper;

/// Who guards one command.
pub(crate) enum Guard {
    /// The command itself, by its standard input.
    Watchdog,
    /// A reaper, since the command needs its standard input for what it reads, or asks for something.
    Reaper(Arc<Reaper>),
}

/// Who guards the commands of one connection. One without an input, and without a question, watches itself, which costs no session besides its own.
/// The first other one starts a reaper, which then guards all of those.
pub(crate) struct Guards {
    place: Mutex<Place>,
    /// Held by whoever opens another connection for a reaper.
    turn: Mutex<()>,
}

/// Where the session of the reaper is, if there is one yet.
enum Place {
    Here(Option<Arc<Reaper>>),
    /// The server allows a single session on the connection, and that is for the commands.
    Elsewhere(Option<Arc<Reaper>>),
}

/// Who is to guard the next command.
pub(crate) enum Next {
    Guard(Guard),
    /// A reaper on another connection is needed.
    Elsewhere,
    /// There is no connection any more.
    Gone,
}

impl Guards {
    /// The guards of a connection on which there may be a `single` session at a time, or more.
    pub(crate) fn new(single: bool) -> Self {
        let place = if single {
            Place::Elsewhere(None)
        } else {
            Place::Here(None)
        };
        Guards {
            place: Mutex::new(place),
            turn: Mutex::default(),
        }
    }

    /// Waits for the turn to start a reaper elsewhere: so there is one, and not one for each command that waits for it.
    pub(crate) async fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// Who guards the next command: one that has an input cannot use it as its life line, and only a reaper passes on what
    /// one asks.
    pub(crate) async fn next(&self, session: &Arc<Session>, needs_reaper: bool) -> Next {
        if !needs_reaper {
            return Next::Guard(Guard::Watchdog);
        }
        let mut place = self.place.lock().await;
        match &*place {
            Place::Here(Some(reaper)) | Place::Elsewhere(Some(reaper)) if reaper.hears() => {
                Next::Guard(Guard::Reaper(reaper.clone()))
            }
            Place::Here(_) => match start_reaper(session.clone()).await {
                Ok(reaper) => {
                    *place = Place::Here(Some(reaper.clone()));
                    Next::Guard(Guard::Reaper(reaper))
                }
                Err(NoReaper::Gone) => Next::Gone,
                // Refused, or without a place for its pipe.
                Err(_) => {
                    *place = Place::Elsewhere(None);
                    Next::Elsewhere
                }
            },
            Place::Elsewhere(_) => Next::Elsewhere,
        }
    }

    /// Starts a reaper over another connection.
    ///
    /// # Errors
    ///
    /// Why it cannot be had.
    pub(crate) async fn elsewhere(&self, session: &Arc<Session>) -> Result<Guard, String> {
        let reaper = match start_reaper(session.clone()).await {
            Ok(reaper) => reaper,
            Err(NoReaper::Refused) => return Err("the server allows no session".to_owned()),
            Err(NoReaper::Gone) => return Err("the connection was lost".to_owned()),
            Err(NoReaper::Failed(cause)) => return Err(cause),
        };
        *self.place.lock().await = Place::Elsewhere(Some(reaper.clone()));
        Ok(Guard::Reaper(reaper))
    }

    /// The server refuses a session though no command has one: the reaper has the only one. Whether there was one.
    pub(crate) async fn give_up_reaper(&self) -> bool {
        let mut place = self.place.lock().await;
        let had = matches!(&*place, Place::Here(Some(_)));
        if had {
            *place = Place::Elsewhere(None);
        }
        had
    }

    /// Ends the reaper, if there is one.
    pub(crate) async fn close(self) {
        if let Place::Here(Some(reaper)) | Place::Elsewhere(Some(reaper)) = self.place.into_inner()
            && let Some(reaper) = Arc::into_inner(reaper)
        {
            let _ = tokio::time::timeout(Duration::from_secs(10), reaper.close()).await;
        }
    }
}

/// Why there is no reaper.
enum NoReaper {
    Refused,
    Gone,
    /// It could not be started, or found no place for its pipe.
    Failed(String),
}

async fn start_reaper(session: Arc<Session>) -> Result<Arc<Reaper>, NoReaper> {
    let pipe = reaper::pipe();
    let line = crate::transport::command_line::command_line("sh", reaper::script(&pipe).as_bytes());
    let line: std::ffi::OsString = std::os::unix::ffi::OsStringExt::from_vec(line);
    let spawned = session
        .arc_raw_command(line)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .await;
    let mut child = spawned.map_err(|error| {
        if is_refusal(&error) {
            NoReaper::Refused
        } else if was_not_sent(&error) {
            NoReaper::Gone
        } else {
            NoReaper::Failed(error.to_string())
        }
    })?;
    let (Some(stdin), Some(stdout)) = (child.stdin().take(), child.stdout().take()) else {
        // Both were asked for a few lines above.
        return Err(NoReaper::Failed("no pipe".to_owned()));
    };
    let started = Started {
        stdin,
        stdout: Box::pin(stdout),
        // The child holds the session open.
        keep: child,
    };
    let reaper = Reaper::new(pipe, started, true);
    reaper.await.map(Arc::new).map_err(NoReaper::Failed)
}
