//! The signals that end a run.

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::error::CliError;
use ploy_core::event::CancelReason;
use ploy_runtime::engine::Canceller;

/// Listens for the signals by which somebody ends the program.
pub(crate) struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
}

impl Signals {
    /// Begins to listen.
    pub(crate) fn listen() -> Result<Self, CliError> {
        let listen = |kind| {
            signal(kind).map_err(|error| CliError::System {
                what: "cannot listen for signals",
                error,
            })
        };
        Ok(Signals {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
            hangup: listen(SignalKind::hangup())?,
        })
    }

    /// Why the next signal ends the run.
    pub(crate) async fn next(&mut self) -> CancelReason {
        tokio::select! {
            _ = self.interrupt.recv() => CancelReason::Interrupt,
            _ = self.terminate.recv() => CancelReason::Terminate,
            _ = self.hangup.recv() => CancelReason::Terminate,
        }
    }

    /// Cancels a run at each signal, without end.
    pub(crate) async fn forward(mut self, canceller: Canceller) {
        loop {
            canceller.cancel(self.next().await);
        }
    }
}
