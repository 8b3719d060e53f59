//! Who sees to it that a command on another host ends when we do.

use std::sync::Arc;
use std::time::Duration;

use openssh::{Session, Stdio};
use tokio::sync::Mutex;

use super::connection::is_refusal;
use super::orders::Beats;
use super::reaper::{self, Reaper, Started};

/// Who guards one command.
pub(super) enum Guard {
    /// The command itself, by its standard input.
    Watchdog,
    /// The reaper of its connection.
    Reaper(Arc<Reaper>),
}

/// Who guards the commands of one connection. The first watches itself, so that one command costs one session; from the
/// second on they have a reaper, unless the server allows a single session.
pub(super) struct Guards(Mutex<State>);

enum State {
    Fresh,
    Used,
    Reaper(Arc<Reaper>),
    /// One session is all there is. What needs its standard input for itself has a reaper on another connection.
    Single(Option<Arc<Reaper>>),
}

/// Who is to guard the next command.
pub(super) enum Next {
    Guard(Guard),
    /// A reaper on another connection is needed, for which this session would do.
    Elsewhere,
}

impl Guards {
    pub(super) fn new(single: bool) -> Self {
        Guards(Mutex::new(if single {
            State::Single(None)
        } else {
            State::Fresh
        }))
    }

    /// Who guards the next command: one that has an input cannot use it as its life line.
    pub(super) async fn next(&self, session: &Arc<Session>, has_input: bool) -> Next {
        let mut state = self.0.lock().await;
        match &*state {
            State::Fresh if !has_input => {
                *state = State::Used;
                Next::Guard(Guard::Watchdog)
            }
            State::Reaper(reaper) if reaper.hears() => Next::Guard(Guard::Reaper(reaper.clone())),
            State::Fresh | State::Used | State::Reaper(_) => {
                match start_reaper(session.clone()).await {
                    Ok(reaper) => {
                        *state = State::Reaper(reaper.clone());
                        Next::Guard(Guard::Reaper(reaper))
                    }
                    // Refused, or without a place for its folder. If it is the connection that is lost, the command
                    // itself will find it out.
                    Err(_) => {
                        *state = State::Single(None);
                        by_itself(has_input)
                    }
                }
            }
            State::Single(Some(reaper)) if has_input && reaper.hears() => {
                Next::Guard(Guard::Reaper(reaper.clone()))
            }
            State::Single(_) => by_itself(has_input),
        }
    }

    /// Starts a reaper over another connection, for the commands that have an input.
    ///
    /// # Errors
    ///
    /// Why it cannot be had.
    pub(super) async fn elsewhere(&self, session: &Arc<Session>) -> Result<Guard, String> {
        let reaper = match start_reaper(session.clone()).await {
            Ok(reaper) => reaper,
            Err(NoReaper::Refused) => return Err("the server allows no session".to_owned()),
            Err(NoReaper::Failed(cause)) => return Err(cause),
        };
        *self.0.lock().await = State::Single(Some(reaper.clone()));
        Ok(Guard::Reaper(reaper))
    }

    /// The server refuses a session though no command has one: the reaper has the only one. Whether there was one.
    pub(super) async fn give_up_reaper(&self) -> bool {
        let mut state = self.0.lock().await;
        let had = matches!(&*state, State::Reaper(_));
        if had {
            *state = State::Single(None);
        }
        had
    }

    pub(super) async fn close(self) {
        if let State::Reaper(reaper) | State::Single(Some(reaper)) = self.0.into_inner()
            && let Some(reaper) = Arc::into_inner(reaper)
        {
            let _ = tokio::time::timeout(Duration::from_secs(10), reaper.close()).await;
        }
    }
}

fn by_itself(has_input: bool) -> Next {
    if has_input {
        Next::Elsewhere
    } else {
        Next::Guard(Guard::Watchdog)
    }
}

/// Why there is no reaper.
enum NoReaper {
    Refused,
    /// It could not be started, or found no place for its folder.
    Failed(String),
}

async fn start_reaper(session: Arc<Session>) -> Result<Arc<Reaper>, NoReaper> {
    let directory = reaper::directory();
    let line = super::line::command_line("sh", reaper::script(&directory).as_bytes());
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
    let reaper = Reaper::new(directory, started, Beats::After(Duration::ZERO));
    reaper.await.map(Arc::new).map_err(NoReaper::Failed)
}
