//! Sessions that a server refused: their permits come back after a while, and are tried again.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

/// The first pause; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// How often the pause is doubled at most: up to half a minute.
const MAX_DOUBLINGS: u32 = 5;

/// The pauses of one connection's sessions.
#[derive(Default)]
pub(super) struct SessionBackoff(Mutex<Option<Pause>>);

/// The last pause.
#[derive(Clone, Copy)]
struct Pause {
    doublings: u32,
    end: Instant,
}

impl SessionBackoff {
    /// Gives permits back after a pause. The server may have a small limit, or others may have the
    /// sessions for now; these cannot be told apart. Permits that are refused at the same time
    /// share a pause.
    pub(super) fn give_back_later(&self, permits: OwnedSemaphorePermit) {
        let now = Instant::now();
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pause = match *last {
            Some(pause) if now < pause.end => pause,
            before => {
                let doublings = before.map_or(0, |pause| (pause.doublings + 1).min(MAX_DOUBLINGS));
                let end = now + FIRST_PAUSE * 2_u32.pow(doublings);
                Pause { doublings, end }
            }
        };
        *last = Some(pause);
        tokio::spawn(async move {
            tokio::time::sleep_until(pause.end).await;
            drop(permits);
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::Semaphore;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn permits_come_back_later_each_time() {
        let (sessions, backoff) = (Arc::new(Semaphore::new(2)), SessionBackoff::default());
        for seconds in [1, 2, 4, 8, 16, 32, 32, 32] {
            for _ in 0..2 {
                let permit = sessions.clone().acquire_owned().await.unwrap();
                backoff.give_back_later(permit);
            }
            tokio::time::sleep(Duration::from_millis(seconds * 1000 - 1)).await;
            assert_eq!(sessions.available_permits(), 0, "{seconds}");
            tokio::time::sleep(Duration::from_millis(2)).await;
            assert_eq!(sessions.available_permits(), 2, "{seconds}");
        }
    }
}
