//! When an event happened.

use std::ops::Add;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A moment by the clock of the machine on which a run goes, to the millisecond.
///
/// That clock can be set back while a run goes: later events can have an earlier time.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct EventTime(i64);

impl EventTime {
    /// The moment that is so many milliseconds after the beginning of 1970 in UTC.
    pub const fn from_unix_milliseconds(milliseconds: i64) -> Self {
        EventTime(milliseconds)
    }

    /// How many milliseconds it is after the beginning of 1970 in UTC.
    pub const fn as_unix_milliseconds(self) -> i64 {
        self.0
    }

    /// How long it is after an earlier moment; zero if that is not earlier.
    pub fn since(self, earlier: EventTime) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

/// The moment so much later.
impl Add<Duration> for EventTime {
    type Output = EventTime;

    fn add(self, later: Duration) -> EventTime {
        let later = i64::try_from(later.as_millis()).unwrap_or(i64::MAX);
        EventTime(self.0.saturating_add(later))
    }
}
