//! The texts in an event, for whoever has to look at all of them.

use super::{ErrorReport, EventKind, SilentSource, StageSkipReason};

impl EventKind {
    /// All that is text in it, but for the names of jobs and sites, and what was put out.
    #[doc(hidden)]
    pub fn for_each_text(&mut self, mut change: impl FnMut(&mut String)) {
        match self {
            EventKind::StageStarted {
                name,
                desc,
                arguments,
                ..
            } => {
                let values = arguments.iter_mut().flat_map(|given| given.values_mut());
                let texts = name.iter_mut().chain(desc).chain(values.flatten());
                texts.for_each(change);
            }
            EventKind::StageSkipped { name, reason, .. } => {
                name.iter_mut().for_each(&mut change);
                match reason {
                    StageSkipReason::Condition { condition } => {
                        condition.stage_mut().into_iter().for_each(change);
                    }
                    StageSkipReason::Declined => {}
                }
            }
            EventKind::StageRefused { error, .. } | EventKind::ScheduleFailed { error } => {
                error.for_each_text(&mut change);
            }
            EventKind::GateFinished { errors, .. }
            | EventKind::ActionFinished { errors, .. }
            | EventKind::RetryAbandoned { errors, .. }
            | EventKind::BackgroundFinished { errors, .. } => {
                for error in errors {
                    error.for_each_text(&mut change);
                }
            }
            EventKind::WaitStarted { target, .. } => change(target.name_mut()),
            EventKind::StillWaiting { source, .. } => match source {
                SilentSource::Connection { host } => change(host),
                SilentSource::Command { script, .. } => change(script),
            },
            EventKind::GateStarted { check, .. } => check.iter_mut().for_each(change),
            EventKind::CommandStarted { script: text, .. }
            | EventKind::BackgroundStarted { name: text, .. }
            | EventKind::ActionStarted { name: text, .. }
            | EventKind::Report { text, .. }
            | EventKind::Debug { text, .. } => change(text),
            // Not by `_`: a new one may have text.
            EventKind::RunStarted { .. }
            | EventKind::TaskStarted { .. }
            | EventKind::WaitFinished { .. }
            | EventKind::TimedOut { .. }
            | EventKind::Deadlocked { .. }
            | EventKind::TransferProgress { .. }
            | EventKind::Output { .. }
            | EventKind::CommandFinished { .. }
            | EventKind::BackgroundAwaited { .. }
            | EventKind::TaskFinished { .. }
            | EventKind::TaskSkipped { .. }
            | EventKind::CancelStarted { .. }
            | EventKind::StageFinished { .. }
            | EventKind::FailureAllowed { .. }
            | EventKind::RunFinished { .. } => {}
        }
    }
}

impl ErrorReport {
    /// All that is text in it.
    fn for_each_text(&mut self, change: &mut impl FnMut(&mut String)) {
        self.messages.iter_mut().for_each(&mut *change);
        self.hint.iter_mut().for_each(&mut *change);
        if let Some(report) = &mut self.command {
            change(&mut report.command);
        }
    }
}
