//! Sessions that a server refuses: they rest for a while, and are tried again.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;

/// How long they rest the first time; each time it is twice as long.
const SHORTEST: Duration = Duration::from_secs(1);

/// How often it is doubled at most: up to half a minute.
const DOUBLINGS: u32 = 5;

/// How often sessions of one connection were refused.
#[derive(Default)]
pub(super) struct Rests(AtomicU32);

impl Rests {
    /// Gives places back after a while. The server may have a small limit, or somebody else may have the sessions for
    /// now, which cannot be told apart.
    pub(super) fn give_back_later(&self, places: OwnedSemaphorePermit) {
        let before = self.0.fetch_add(1, Ordering::Relaxed);
        let pause = SHORTEST * 2_u32.pow(before.min(DOUBLINGS));
        tokio::spawn(async move {
            tokio::time::sleep(pause).await;
            drop(places);
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::Semaphore;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_place_comes_back_later_each_time() {
        let (places, rests) = (Arc::new(Semaphore::new(1)), Rests::default());
        for seconds in [1, 2, 4, 8, 16, 32, 32, 32] {
            let place = places.clone().acquire_owned().await.unwrap();
            rests.give_back_later(place);
            tokio::time::sleep(Duration::from_millis(seconds * 1000 - 1)).await;
            assert_eq!(places.available_permits(), 0, "{seconds}");
            tokio::time::sleep(Duration::from_millis(2)).await;
            assert_eq!(places.available_permits(), 1, "{seconds}");
        }
    }
}
