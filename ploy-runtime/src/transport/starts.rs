//! How many connections are opened at a time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

/// As many as sites run at once. Each is a process that computes a key exchange, here and there.
const MOST: usize = 32;

/// What is left of them when a server, or a jump host that many sites share, drops one: sshd begins to drop those that
/// have not logged in yet at 10 (`MaxStartups`).
const CAREFUL: usize = 8;

/// Lets connections begin, fewer at a time once a server is seen to drop them.
pub(super) struct Starts {
    places: Semaphore,
    limit: AtomicUsize,
}

impl Starts {
    pub(super) fn new() -> Self {
        Starts {
            places: Semaphore::new(MOST),
            limit: AtomicUsize::new(MOST),
        }
    }

    /// A place to begin in, until it is dropped.
    pub(super) async fn begin(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed.
        self.places.acquire().await.ok()
    }

    /// A server closed a connection before the login: it takes fewer at a time than we thought. The place is given
    /// back, unless it is one too many.
    pub(super) fn dropped(&self, place: Option<SemaphorePermit<'_>>) {
        let fewer = |limit: usize| match limit {
            0..=2 => None,
            _ if limit > CAREFUL => Some(CAREFUL),
            _ => Some(limit - 1),
        };
        let Ok(before) = self
            .limit
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, fewer)
        else {
            return;
        };
        drop(place);
        let surplus = before - fewer(before).unwrap_or(before);
        let taken = self.places.forget_permits(surplus);
        // Those in use are taken when they come back.
        if taken < surplus {
            self.limit.fetch_add(surplus - taken, Ordering::Relaxed);
        }
    }

    /// How long to pause before the next try: a little longer each time, and not all at the same moment again.
    pub(super) fn pause(tries: u32) -> Duration {
        let jitter = getrandom::u32().unwrap_or(0) % 300;
        Duration::from_millis(u64::from(100 * tries.min(10) + jitter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_dropped_start_makes_them_careful_and_never_none() {
        let starts = Starts::new();
        starts.dropped(starts.begin().await);
        assert_eq!(starts.places.available_permits(), CAREFUL);
        for _ in 0..20 {
            starts.dropped(starts.begin().await);
        }
        assert_eq!(starts.places.available_permits(), 2);
    }

    #[tokio::test]
    async fn places_in_use_count_until_they_come_back() {
        let starts = Starts::new();
        let mut held = Vec::new();
        for _ in 0..MOST {
            held.push(starts.begin().await);
        }
        starts.dropped(held.pop().flatten());
        // The others are still at it, and each that is dropped too is one fewer.
        while let Some(place) = held.pop() {
            starts.dropped(place);
        }
        assert!((2..=CAREFUL).contains(&starts.places.available_permits()));
    }
}
