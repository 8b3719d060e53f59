//! How far a command has been told to end, and when that goes a step further.

use std::time::{Duration, Instant as StdInstant};

use tokio::time::Instant;

use super::answer_requests::WaitingTime;
use super::running_command::EndedBy;
use crate::shell::cancel::CancelLevel;
use crate::transport::{ProcessGroup, Signal};

/// How long a command has between TERM and KILL, unless it was cancelled.
const TERM_TO_KILL: Duration = Duration::from_secs(5);

/// How long a killed command may take to be gone before we stop waiting for it.
const KILL_TO_GIVE_UP: Duration = Duration::from_secs(3);

/// How far a command has been told to end, why, and when that goes a step further.
pub(super) struct Escalation {
    pub(super) level: CancelLevel,
    pub(super) ended_by: Option<EndedBy>,
    pub(super) deadline: Option<Instant>,
    /// When the command began, and how long it may take.
    begin: StdInstant,
    timeout: Option<Duration>,
}

/// What is to be done when the time of a step is over.
pub(super) enum DeadlineStep {
    /// Nothing: the command has time left.
    Wait,
    /// It was told to end, or killed.
    Escalated,
    /// Its output is not waited for any more: the command may have ended, and the target of its
    /// output may be stuck.
    DropStreams,
    /// It was killed, and did not end.
    GiveUp,
}

impl Escalation {
    pub(super) fn new(begin: StdInstant, timeout: Option<Duration>) -> Self {
        Escalation {
            level: CancelLevel::None,
            ended_by: None,
            deadline: timeout.map(|limit| Instant::from_std(begin + limit)),
            begin,
            timeout,
        }
    }

    /// The lowest cancel level that goes further than what the command was told already.
    pub(super) fn next_level(&self) -> CancelLevel {
        match self.level {
            CancelLevel::None => CancelLevel::Term,
            _ => CancelLevel::Kill,
        }
    }

    /// Sends the command's group the signal of a level. The first reason counts.
    pub(super) fn escalate(&mut self, group: &ProcessGroup, level: CancelLevel, reason: EndedBy) {
        self.ended_by.get_or_insert(reason);
        self.level = level;
        let (signal, grace) = match level {
            CancelLevel::Kill => (Signal::Kill, Some(KILL_TO_GIVE_UP)),
            // The cancel itself decides when TERM becomes KILL.
            _ if matches!(reason, EndedBy::Cancel) => (Signal::Term, None),
            _ => (Signal::Term, Some(TERM_TO_KILL)),
        };
        group.signal(signal);
        self.deadline = grace.map(|grace| Instant::now() + grace);
    }

    /// Goes a step further, because the time of the last one is over. `has_streams` says whether
    /// the end of the output is waited for before that of the command.
    pub(super) fn pass_deadline(
        &mut self,
        group: &ProcessGroup,
        waiting_time: &WaitingTime,
        has_streams: bool,
    ) -> DeadlineStep {
        if let (CancelLevel::None, Some(limit)) = (self.level, self.timeout)
            && let Some(later) = waiting_time.extended_deadline(self.begin + limit)
        {
            self.deadline = Some(Instant::from_std(later));
            return DeadlineStep::Wait;
        }
        if self.level >= CancelLevel::Kill {
            if has_streams {
                self.deadline = Some(Instant::now() + KILL_TO_GIVE_UP);
                return DeadlineStep::DropStreams;
            }
            return DeadlineStep::GiveUp;
        }
        // Without a time-out there is a deadline only after an escalation, whose reason counts.
        let reason = self.timeout.map_or(EndedBy::Failure, EndedBy::Timeout);
        self.escalate(group, self.next_level(), reason);
        DeadlineStep::Escalated
    }

    /// Until when the rest of the output is waited for after the command's end.
    pub(super) fn drain_deadline(&self) -> Option<Instant> {
        match self.ended_by {
            None => self.deadline,
            // The cancel itself decides for how long.
            Some(EndedBy::Cancel) => None,
            Some(_) => Some(Instant::now() + KILL_TO_GIVE_UP),
        }
    }

    /// Notes that the rest of the output was not taken in time.
    pub(super) fn pass_drain_deadline(&mut self) {
        self.ended_by = self.ended_by.or(self.timeout.map(EndedBy::Timeout));
    }
}
