//! The time of day, as events have it.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::event::EventTime;

/// The time by this machine's clock; the beginning of 1970 if it is set before that.
pub fn now() -> EventTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    EventTime::from_unix_milliseconds(since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }))
}
