//! The time of day, as events have it.

use std::time::{SystemTime, UNIX_EPOCH};

/// The milliseconds since 1970 in UTC; 0 before that.
pub fn unix_milliseconds() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}
