//! How many connections are opened at a time.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

/// As many as sites run at once. Each is a process that computes a key exchange, here and there.
const MOST: usize = 32;

/// What is left of them when a server, or a jump host that many sites share, drops one: sshd begins to drop those that
/// have not logged in yet at 10 (`MaxStartups`).
const CAREFUL: usize = 8;

/// Lets connections begin, fewer at a time once a server is seen to drop them.
pub(crate) struct Starts {
    places: Semaphore,
    limits: Mutex<Limits>,
}

struct Limits {
    /// How many may begin at a time.
    most: usize,
    /// How many places are in use beyond that: as many are not given back.
    surplus: usize,
}

/// A place to begin in, until it is dropped.
pub(crate) struct Start<'a> {
    starts: &'a Starts,
    place: Option<SemaphorePermit<'a>>,
}

impl Starts {
    pub(crate) fn new() -> Self {
        Starts {
            places: Semaphore::new(MOST),
            limits: Mutex::new(Limits {
                most: MOST,
                surplus: 0,
            }),
        }
    }

    /// Waits for a place to begin in.
    pub(crate) async fn begin(&self) -> Start<'_> {
        Start {
            starts: self,
            // The semaphore is never closed.
            place: self.places.acquire().await.ok(),
        }
    }

    /// A server closed a connection before the login: it takes fewer at a time than we thought.
    pub(crate) fn dropped(&self) {
        let mut limits = self.limits();
        let fewer = match limits.most {
            most @ 0..=2 => most,
            most if most > CAREFUL => CAREFUL,
            most => most - 1,
        };
        limits.surplus += limits.most - fewer;
        limits.most = fewer;
        // Those in use are taken when they come back.
        let free = self.places.forget_permits(limits.surplus);
        limits.surplus -= free;
    }

    fn limits(&self) -> MutexGuard<'_, Limits> {
        // Both numbers are set without anything that could panic between.
        self.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long to pause before the next try: a little longer each time, and not all at the same moment again.
    pub(crate) fn pause(tries: u32) -> Duration {
        let jitter = getrandom::u32().unwrap_or(0) % 300;
        Duration::from_millis(u64::from(100 * tries.min(10) + jitter))
    }
}

impl Drop for Start<'_> {
    fn drop(&mut self) {
        let mut limits = self.starts.limits();
        if limits.surplus > 0
            && let Some(place) = self.place.take()
        {
            limits.surplus -= 1;
            place.forget();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn a_dropped_start_makes_them_careful_and_never_none() {
        let starts = Starts::new();
        let start = starts.begin().await;
        starts.dropped();
        drop(start);
        assert_eq!(starts.places.available_permits(), CAREFUL);
        for _ in 0..20 {
            let _start = starts.begin().await;
            starts.dropped();
        }
        assert_eq!(starts.places.available_permits(), 2);
    }

    #[tokio::test]
    async fn those_in_use_are_taken_though_others_wait_for_them() {
        let starts = Arc::new(Starts::new());
        let mut held = Vec::new();
        for _ in 0..MOST {
            held.push(starts.begin().await);
        }
        let waiting = tokio::spawn({
            let starts = starts.clone();
            async move {
                let _start = starts.begin().await;
                std::future::pending::<()>().await;
            }
        });
        tokio::task::yield_now().await;
        starts.dropped();
        for count in 1..=MOST {
            held.pop();
            tokio::task::yield_now().await;
            let free = (count + CAREFUL).saturating_sub(MOST + 1);
            assert_eq!(starts.places.available_permits(), free, "{count}");
        }
        waiting.abort();
        let _ = waiting.await;
        assert_eq!(starts.places.available_permits(), CAREFUL);
    }
}
