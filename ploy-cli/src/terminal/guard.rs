//! Clears the live view when the program ends or is stopped.

use std::time::Duration;

use rustix::process::{Signal, getpid, kill_process};
use tokio::signal::unix::{SignalKind, signal};

use ploy_runtime::terminal::screen;

/// Leaves nothing of the live view on the terminal when the run has ended, however it has, and
/// while this process is stopped. Works until it is dropped.
pub(crate) struct TerminalGuard {
    stops: Option<tokio::task::JoinHandle<()>>,
}

impl TerminalGuard {
    /// Begins; has nothing to do for a run that is not drawn.
    pub(crate) fn begin(draws: bool) -> Self {
        TerminalGuard {
            stops: draws.then(|| tokio::spawn(clear_at_stops())),
        }
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        if let Some(stops) = self.stops.take() {
            stops.abort();
            // The live view clears itself, unless it was given up. A terminal that is stopped is
            // not waited for.
            screen().clear_within(Duration::from_millis(500));
        }
    }
}

/// Erases what is drawn before this process stops by Ctrl-Z, and lets it be drawn again when it
/// goes on.
async fn clear_at_stops() {
    let listen = |kind: Signal| signal(SignalKind::from_raw(kind.as_raw()));
    let Ok(mut stop) = listen(Signal::TSTP) else {
        return;
    };
    while stop.recv().await.is_some() {
        screen().set_hidden(true);
        // SIGCONT is listened for only now: an earlier one does not end this stop.
        if let Ok(mut go_on) = listen(Signal::CONT)
            && kill_process(getpid(), Signal::STOP).is_ok()
        {
            go_on.recv().await;
        }
        screen().set_hidden(false);
    }
}
