//! Whether a further connection to a destination is being opened.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// How long no further connection is tried after one that failed.
const RETRY_PAUSE: Duration = Duration::from_secs(5);

/// Lets one further connection be opened at a time.
#[derive(Default)]
pub(super) struct ConnectionGrowth {
    state: Mutex<State>,
    ended: Notify,
}

#[derive(Clone, Copy, Default)]
enum State {
    #[default]
    Idle,
    Opening,
    Failed(Instant),
}

impl ConnectionGrowth {
    /// Returns when the next attempt has ended.
    pub(super) fn ended(&self) -> Notified<'_> {
        self.ended.notified()
    }

    /// Whether to open a connection now: not while one is being opened, nor soon after one that
    /// failed.
    pub(super) fn try_begin(&self) -> bool {
        let mut state = self.state();
        let can_begin = match *state {
            State::Idle => true,
            State::Opening => false,
            State::Failed(at) => at.elapsed() >= RETRY_PAUSE,
        };
        if can_begin {
            *state = State::Opening;
        }
        can_begin
    }

    /// Notes how the attempt ended.
    pub(super) fn end(&self, has_succeeded: bool) {
        *self.state() = if has_succeeded {
            State::Idle
        } else {
            State::Failed(Instant::now())
        };
        self.ended.notify_waiters();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // One value, which is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_opened_at_a_time_and_none_soon_after_a_failure() {
        let growth = ConnectionGrowth::default();
        assert!(growth.try_begin() && !growth.try_begin());
        growth.end(true);
        assert!(growth.try_begin());
        growth.end(false);
        assert!(!growth.try_begin());
    }
}
