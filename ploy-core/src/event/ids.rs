//! The ids of a run, and the numbers by which its events name stages, tasks, actions, commands,
//! jobs and sites.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// The id of a run: its time in UTC and a random part, so unique worldwide, sortable by time to the
/// millisecond, and plain enough for a file name. For example `20261122-111712-345-4k7q2m9x`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BatchId(Arc<str>);

/// Declares numbers that are told apart by their types, and are bare numbers as data.
macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<u32> for $name {
            fn from(number: u32) -> Self {
                $name(number)
            }
        }
    )+};
}

numbers! {
    /// The number of a stage in its run, from 1.
    StageId
    /// The number of a task in the plan of its stage, from 0. The numbers of a stage can have gaps.
    TaskId
    /// The number of an action in its run, from 1. Work in the background, and what is done between
    /// two groups of a rolling stage, have numbers from the same row.
    ActionId
    /// The number of a command or a transfer in its action, from 1.
    CommandId
    /// The place of a job in the list of its stage, from 0. A job that is listed twice has two.
    JobIndex
    /// The place of a site in the list of its stage, from 0.
    SiteIndex
    /// The place of a group of sites in its rolling stage, from 0.
    GroupIndex
}

impl JobIndex {
    /// The place as an index into a list.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl SiteIndex {
    /// The place as an index into a list.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A task among all tasks of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskKey {
    /// Its stage.
    pub stage: StageId,
    /// Its number there.
    pub task: TaskId,
}

/// A command among all commands of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommandKey {
    /// Its action.
    pub action: ActionId,
    /// Its number there.
    pub command: CommandId,
}

/// A job on a site of the same stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobOnSite {
    /// The job.
    pub job: JobIndex,
    /// The site.
    pub site: SiteIndex,
}

/// The id of a stage among all runs: the run's, and the number of the stage in it. Shown as
/// `batch-stage`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QualifiedStageId {
    #[doc(hidden)]
    pub batch: BatchId,
    #[doc(hidden)]
    pub stage: StageId,
}

/// The id of an action among all runs: the stage's, and the number of the action in its run. Shown
/// as `batch-stage-action`; a further try of it as `batch-stage-action.2` and so on. Plain enough
/// for a file name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QualifiedActionId {
    #[doc(hidden)]
    pub stage: QualifiedStageId,
    #[doc(hidden)]
    pub action: ActionId,
    #[doc(hidden)]
    pub attempt: u32,
}

impl BatchId {
    /// The id of a run that began `milliseconds` after 1970 in UTC, told apart from others by
    /// `random`.
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

impl fmt::Display for QualifiedStageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.batch, self.stage)
    }
}

impl fmt::Display for QualifiedActionId {
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
        let mut action = QualifiedActionId {
            stage: QualifiedStageId {
                batch: late,
                stage: StageId(2),
            },
            action: ActionId(7),
            attempt: 1,
        };
        assert_eq!(action.to_string(), "20261122-111712-346-00000000-2-7");
        action.attempt = 2;
        assert_eq!(action.to_string(), "20261122-111712-346-00000000-2-7.2");
    }
}
