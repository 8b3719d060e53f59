//! When a line about a transfer is due.

use std::time::Duration;

use ploy_core::event::EventTime;

/// The shortest time between two lines about a transfer, and between its beginning and the first.
const INTERVAL: Duration = Duration::from_secs(10);

/// A transfer that goes on.
pub(crate) struct TransferNotice {
    /// When a line about it was due last, or it began.
    last: EventTime,
    /// Whether there has been a line about it.
    is_shown: bool,
}

impl TransferNotice {
    /// For a transfer that begins at this time.
    pub(crate) fn new(begin: EventTime) -> Self {
        TransferNotice {
            last: begin,
            is_shown: false,
        }
    }

    /// Whether a line is due: from time to time, and at the end of a transfer that has had one.
    pub(crate) fn is_due(&mut self, time: EventTime, percent_done: u8) -> bool {
        let is_end = percent_done == 100 && self.is_shown;
        if time.since(self.last) < INTERVAL && !is_end {
            return false;
        }
        (self.last, self.is_shown) = (time, true);
        true
    }
}
