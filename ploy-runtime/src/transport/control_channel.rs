//! Messages on their way to a reaper or a watchdog, with heartbeats between them.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;
use std::time::Duration;

use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::time::{Instant, Interval, MissedTickBehavior};
use zeroize::Zeroizing;

/// How often a heartbeat is sent. After 45 s without one the other side takes us for lost.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// The delay of the first heartbeat: most commands have ended by then, and need none. Until then a
/// cut network is noticed only by what sshd itself does about it.
const FIRST_HEARTBEAT: Duration = Duration::from_millis(250);

/// A message, which may hold a secret.
pub(super) type ControlMessage = Zeroizing<Vec<u8>>;
pub(super) type ControlSender = mpsc::UnboundedSender<ControlMessage>;
pub(super) type ControlReceiver = mpsc::UnboundedReceiver<ControlMessage>;

/// The number by which a reaper knows one of its commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct RegistrationId(pub(super) u32);

impl fmt::Display for RegistrationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for RegistrationId {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(RegistrationId)
    }
}

/// A new channel of messages.
pub(super) fn control_channel() -> (ControlSender, ControlReceiver) {
    mpsc::unbounded_channel()
}

/// Writes messages until all senders are gone or the writer fails. Adds heartbeats for a reader
/// beyond a network.
pub(super) async fn forward_control(
    mut receiver: ControlReceiver,
    mut writer: impl AsyncWrite + Unpin,
    has_heartbeat: bool,
) {
    let mut clock = has_heartbeat.then(|| {
        let mut clock = tokio::time::interval_at(Instant::now() + FIRST_HEARTBEAT, HEARTBEAT);
        clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
        clock
    });
    loop {
        let message = tokio::select! {
            message = receiver.recv() => match message {
                Some(message) => message,
                None => return,
            },
            () = next_tick(&mut clock) => Zeroizing::new(b"beat\n".to_vec()),
        };
        if writer.write_all(&message).await.is_err() || writer.flush().await.is_err() {
            return;
        }
    }
}

/// The next tick; never returns without a clock.
async fn next_tick(clock: &mut Option<Interval>) {
    match clock {
        Some(clock) => {
            clock.tick().await;
        }
        None => std::future::pending().await,
    }
}
