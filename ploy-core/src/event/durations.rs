//! The durations in an event, made whole milliseconds.

use std::time::Duration;

use super::{ErrorReport, EventKind};
use crate::milliseconds::truncated;

impl EventKind {
    /// Cuts every duration to whole milliseconds, so that the event is the same after it was
    /// written and read.
    #[doc(hidden)]
    pub fn truncate_durations(&mut self) {
        match self {
            EventKind::GateStarted { pause: time, .. }
            | EventKind::TimedOut { limit: time, .. }
            | EventKind::StillWaiting { silent: time, .. }
            | EventKind::BackgroundAwaited { grace: time, .. }
            | EventKind::CancelStarted { grace: time, .. }
            | EventKind::TaskFinished { duration: time, .. } => truncate(time),
            EventKind::CommandFinished { duration, .. } => duration.iter_mut().for_each(truncate),
            EventKind::GateFinished {
                errors, duration, ..
            }
            | EventKind::BackgroundFinished {
                errors, duration, ..
            } => {
                truncate(duration);
                truncate_errors(errors);
            }
            EventKind::ActionFinished {
                errors,
                duration,
                retry_in,
                ..
            } => {
                truncate(duration);
                retry_in.iter_mut().for_each(truncate);
                truncate_errors(errors);
            }
            EventKind::RetryAbandoned { errors, .. } => truncate_errors(errors),
            EventKind::StageRefused { error, .. } | EventKind::ScheduleFailed { error } => {
                truncate_errors(std::slice::from_mut(error));
            }
            // Not by `_`: a new one may have a duration.
            EventKind::RunStarted { .. }
            | EventKind::StageStarted { .. }
            | EventKind::StageSkipped { .. }
            | EventKind::TaskStarted { .. }
            | EventKind::ActionStarted { .. }
            | EventKind::BackgroundStarted { .. }
            | EventKind::WaitStarted { .. }
            | EventKind::WaitFinished { .. }
            | EventKind::Deadlocked { .. }
            | EventKind::CommandStarted { .. }
            | EventKind::TransferProgress { .. }
            | EventKind::Output { .. }
            | EventKind::Report { .. }
            | EventKind::Debug { .. }
            | EventKind::TaskSkipped { .. }
            | EventKind::StageFinished { .. }
            | EventKind::FailureAllowed { .. }
            | EventKind::RunFinished { .. } => {}
        }
    }
}

fn truncate(duration: &mut Duration) {
    *duration = truncated(*duration);
}

fn truncate_errors(errors: &mut [ErrorReport]) {
    for command in errors.iter_mut().filter_map(|error| error.command.as_mut()) {
        truncate(&mut command.duration);
    }
}
