//! How many connections are opened at a time.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

/// How many connections are opened at a time: as many as sites run at once. Each is a process that
/// computes a key exchange, here and on the server.
const MAX: usize = 32;

/// The limit after a server, or a jump host that many sites share, dropped a connection: sshd
/// begins to drop unauthenticated connections at 10 (`MaxStartups`).
const REDUCED: usize = 8;

/// Limits how many connections are opened at a time, and lowers the limit once a server drops one.
pub(crate) struct ConnectLimit {
    permits: Semaphore,
    limits: Mutex<Limits>,
}

struct Limits {
    /// How many may be opened at a time.
    max: usize,
    /// How many permits are in use beyond that. As many are not given back.
    surplus: usize,
}

/// The right to open a connection, until it is dropped.
pub(crate) struct ConnectPermit<'a> {
    limit: &'a ConnectLimit,
    permit: Option<SemaphorePermit<'a>>,
}

impl ConnectLimit {
    pub(crate) fn new() -> Self {
        ConnectLimit {
            permits: Semaphore::new(MAX),
            limits: Mutex::new(Limits {
                max: MAX,
                surplus: 0,
            }),
        }
    }

    /// Waits for the right to open a connection.
    pub(crate) async fn acquire(&self) -> ConnectPermit<'_> {
        ConnectPermit {
            limit: self,
            // The semaphore is never closed.
            permit: self.permits.acquire().await.ok(),
        }
    }

    /// Lowers the limit, because a server closed a connection before the login.
    pub(crate) fn reduce(&self) {
        let mut limits = self.limits();
        let fewer = match limits.max {
            max @ 0..=2 => max,
            max if max > REDUCED => REDUCED,
            max => max - 1,
        };
        limits.surplus += limits.max - fewer;
        limits.max = fewer;
        // Permits in use are taken away when they come back.
        let free = self.permits.forget_permits(limits.surplus);
        limits.surplus -= free;
    }

    fn limits(&self) -> MutexGuard<'_, Limits> {
        // Both numbers are set without a panic between.
        self.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long to wait before the next attempt: a little longer each time, with jitter so that not
    /// all try at the same moment again.
    pub(crate) fn retry_delay(attempts: u32) -> Duration {
        let jitter = getrandom::u32().unwrap_or(0) % 300;
        Duration::from_millis(u64::from(100 * attempts.min(10) + jitter))
    }
}

impl Drop for ConnectPermit<'_> {
    fn drop(&mut self) {
        let mut limits = self.limit.limits();
        if limits.surplus > 0
            && let Some(permit) = self.permit.take()
        {
            limits.surplus -= 1;
            permit.forget();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn each_dropped_connection_lowers_the_limit_down_to_two() {
        let limit = ConnectLimit::new();
        let start = limit.acquire().await;
        limit.reduce();
        drop(start);
        assert_eq!(limit.permits.available_permits(), REDUCED);
        for _ in 0..20 {
            let _start = limit.acquire().await;
            limit.reduce();
        }
        assert_eq!(limit.permits.available_permits(), 2);
    }

    #[tokio::test]
    async fn permits_in_use_are_taken_away_though_others_wait() {
        let limit = Arc::new(ConnectLimit::new());
        let mut in_use = Vec::new();
        for _ in 0..MAX {
            in_use.push(limit.acquire().await);
        }
        let waiting = tokio::spawn({
            let limit = limit.clone();
            async move {
                let _start = limit.acquire().await;
                std::future::pending::<()>().await;
            }
        });
        tokio::task::yield_now().await;
        limit.reduce();
        for count in 1..=MAX {
            in_use.pop();
            tokio::task::yield_now().await;
            let free = (count + REDUCED).saturating_sub(MAX + 1);
            assert_eq!(limit.permits.available_permits(), free, "{count}");
        }
        waiting.abort();
        let _ = waiting.await;
        assert_eq!(limit.permits.available_permits(), REDUCED);
    }
}
