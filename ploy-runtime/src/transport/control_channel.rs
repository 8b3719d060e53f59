//! Orders on their way to a reaper or a watchdog, and the heartbeats between them.

use std::time::Duration;

use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::time::{Instant, Interval, MissedTickBehavior};
use zeroize::Zeroizing;

/// How often a heartbeat is sent; after 45 s without one the other side gives us up for lost.
const BEAT: Duration = Duration::from_secs(15);

/// How long it takes to the first heartbeat, since most commands have ended by then. Until then a cut network is noticed
/// only by what sshd itself does about it.
const FIRST_BEAT: Duration = Duration::from_millis(250);

/// An order, which may have a secret in it.
pub(super) type Order = Zeroizing<Vec<u8>>;
pub(super) type Orders = mpsc::UnboundedSender<Order>;
pub(super) type Queue = mpsc::UnboundedReceiver<Order>;

pub(super) fn channel() -> (Orders, Queue) {
    mpsc::unbounded_channel()
}

/// Writes orders until there is nobody left to give any, or nobody to hear them; with heartbeats between them, if they
/// are to cross a network.
pub(super) async fn pass_on(mut queue: Queue, mut to: impl AsyncWrite + Unpin, beats: bool) {
    let mut clock = beats.then(|| {
        let mut clock = tokio::time::interval_at(Instant::now() + FIRST_BEAT, BEAT);
        clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
        clock
    });
    loop {
        let order = tokio::select! {
            order = queue.recv() => match order {
                Some(order) => order,
                None => return,
            },
            () = tick(&mut clock) => Zeroizing::new(b"beat\n".to_vec()),
        };
        if to.write_all(&order).await.is_err() || to.flush().await.is_err() {
            return;
        }
    }
}

async fn tick(clock: &mut Option<Interval>) {
    match clock {
        Some(clock) => {
            clock.tick().await;
        }
        None => std::future::pending().await,
    }
}
