//! A case of a suite: something that succeeds or fails.

use std::time::Duration;

use ploy_core::error::Kind;
use ploy_core::event::{ActionId, ErrorReport, GroupIndex, SkipReason, TaskId, TaskResult};

/// What a case of a suite is, in the order in which they stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CaseKey {
    /// The stage itself, if it could not begin.
    Stage,
    /// A task, by its number.
    Task(TaskId),
    /// What is between a group and the next.
    Gate(GroupIndex),
    /// Work in the background, by its number among actions.
    Background(ActionId),
}

/// A case: something that succeeds or fails.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) name: String,
    /// Where it is: a site, or a group of them.
    pub(super) place: String,
    pub(super) end: CaseEnd,
    pub(super) duration: Duration,
    pub(super) errors: Vec<ErrorReport>,
    /// What went wrong in tries that others followed, and how long these took.
    pub(super) tries: Vec<(Vec<ErrorReport>, Duration)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CaseEnd {
    /// It has not ended.
    Open,
    Ended(TaskResult),
    Skipped(SkipReason),
    /// It could not even begin.
    Refused,
}

impl Case {
    pub(super) fn new(name: impl Into<String>, place: impl Into<String>) -> Self {
        Case {
            name: name.into(),
            place: place.into(),
            end: CaseEnd::Open,
            duration: Duration::ZERO,
            errors: Vec::new(),
            tries: Vec::new(),
        }
    }

    /// What counts of what went wrong: that it was cancelled says nothing beside a failure.
    pub(super) fn error(&self) -> Option<&ErrorReport> {
        let mut errors = self.errors.iter();
        errors
            .find(|error| error.kind != Kind::Cancelled)
            .or(self.errors.first())
    }
}
