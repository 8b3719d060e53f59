//! Sessions that a server refuses: they rest for a while, and are tried again.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

/// How long they rest the first time; each time it is twice as long.
const SHORTEST: Duration = Duration::from_secs(1);

/// How often it is doubled at most: up to half a minute.
const DOUBLINGS: u32 = 5;

/// The rests of one connection's sessions.
#[derive(Default)]
pub(crate) struct Rests(Mutex<Option<Rest>>);

/// The last rest.
#[derive(Clone, Copy)]
struct Rest {
    doublings: u32,
    end: Instant,
}

impl Rests {
    /// Gives places back after a while. The server may have a small limit, or somebody else may have the sessions for
    /// now, which cannot be told apart. Those that are refused at the same time rest together.
    pub(crate) fn give_back_later(&self, places: OwnedSemaphorePermit) {
        let now = Instant::now();
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = match *last {
            Some(rest) if now < rest.end => rest,
            before => {
                let doublings = before.map_or(0, |rest| (rest.doublings + 1).min(DOUBLINGS));
                let end = now + SHORTEST * 2_u32.pow(doublings);
                Rest { doublings, end }
            }
        };
        *last = Some(rest);
        tokio::spawn(async move {
            tokio::time::sleep_until(rest.end).await;
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
        let (places, rests) = (Arc::new(Semaphore::new(2)), Rests::default());
        for seconds in [1, 2, 4, 8, 16, 32, 32, 32] {
            for _ in 0..2 {
                let place = places.clone().acquire_owned().await.unwrap();
                rests.give_back_later(place);
            }
            tokio::time::sleep(Duration::from_millis(seconds * 1000 - 1)).await;
            assert_eq!(places.available_permits(), 0, "{seconds}");
            tokio::time::sleep(Duration::from_millis(2)).await;
            assert_eq!(places.available_permits(), 2, "{seconds}");
        }
    }
}
