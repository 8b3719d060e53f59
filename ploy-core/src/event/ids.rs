use std::fmt;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// The id of a run: its time in UTC and a random part, so unique worldwide, sortable by time to the millisecond, and
/// plain enough for a file name. For example `20261122-111712-345-4k7q2m9x`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BatchId(Arc<str>);

/// The id of a stage: the batch's, and the number of the stage in it, from 1. Shown as `batch-stage`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StageId {
    #[doc(hidden)]
    pub batch: BatchId,
    #[doc(hidden)]
    pub stage: u32,
}

/// The id of an action: the stage's, and the number of the action in the batch, from 1. Shown as
/// `batch-stage-action`; a further try of it as `batch-stage-action.2` and so on. Plain enough for a file name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ActionId {
    #[doc(hidden)]
    pub stage: StageId,
    #[doc(hidden)]
    pub action: u32,
    #[doc(hidden)]
    pub attempt: u32,
}

impl BatchId {
    /// The id of a run that began `milliseconds` after 1970 in UTC, told apart from others by `random`.
    #[doc(hidden)]
    pub fn new(milliseconds: i64, random: u64) -> Self {
        const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        let since = Duration::from_millis(u64::try_from(milliseconds).unwrap_or(0));
        // `2026-11-22T11:17:12.345Z`, of which only the digits are wanted.
        let time = humantime::format_rfc3339_millis(UNIX_EPOCH + since).to_string();
        let time: String = time
            .chars()
            .filter_map(|c| match c {
                'T' | '.' => Some('-'),
                c => c.is_ascii_digit().then_some(c),
            })
            .collect();
        let random: String = (0..8)
            .map(|digit| char::from(DIGITS[(random >> (5 * digit)) as usize & 31]))
            .collect();
        let text = format!("{time}-{random}");
        BatchId(text.into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for StageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.batch, self.stage)
    }
}

impl fmt::Display for ActionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.stage, self.action)?;
        if self.attempt > 1 {
            write!(f, ".{}", self.attempt)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_plain_and_sort_by_time() {
        let early = BatchId::new(1_795_346_232_345, u64::MAX);
        let late = BatchId::new(1_795_346_232_346, 0);
        assert_eq!(early.as_str(), "20261122-111712-345-zzzzzzzz");
        assert!(early < late);
        let mut action = ActionId {
            stage: StageId {
                batch: late,
                stage: 2,
            },
            action: 7,
            attempt: 1,
        };
        assert_eq!(action.to_string(), "20261122-111712-346-00000000-2-7");
        action.attempt = 2;
        assert_eq!(action.to_string(), "20261122-111712-346-00000000-2-7.2");
    }
}
