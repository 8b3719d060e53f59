//! Orders on their way to a reaper or a watchdog, and the heartbeats between them.

use std::time::Duration;

use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior};

/// How often a heartbeat is sent; after 45 s without one the other side gives us up for lost.
const BEAT: Duration = Duration::from_secs(15);

pub(super) type Orders = mpsc::UnboundedSender<String>;
pub(super) type Queue = mpsc::UnboundedReceiver<String>;

/// When heartbeats begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beats {
    /// Never: what is on this machine hears of our end at once.
    None,
    /// After so long, for what most often has ended by then.
    After(Duration),
}

pub(super) fn channel() -> (Orders, Queue) {
    mpsc::unbounded_channel()
}

/// Writes orders until there is nobody left to give any, or nobody to hear them.
pub(super) async fn pass_on(mut queue: Queue, mut to: impl AsyncWrite + Unpin, beats: Beats) {
    let mut clock = match beats {
        Beats::None => None,
        Beats::After(pause) => Some(tokio::time::interval_at(Instant::now() + pause, BEAT)),
    };
    if let Some(clock) = &mut clock {
        clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    }
    loop {
        let order = tokio::select! {
            order = queue.recv() => match order {
                Some(order) => order,
                None => return,
            },
            () = tick(&mut clock) => "beat\n".to_owned(),
        };
        if to.write_all(order.as_bytes()).await.is_err() || to.flush().await.is_err() {
            return;
        }
    }
}

async fn tick(clock: &mut Option<tokio::time::Interval>) {
    match clock {
        Some(clock) => {
            clock.tick().await;
        }
        None => std::future::pending().await,
    }
}
