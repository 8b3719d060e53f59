//! The texts in an event, for whoever has to look at all of them.

use super::{EventKind, Fault};

impl EventKind {
    /// All that is text in it, but for the names of jobs and sites, and what was put out.
    #[doc(hidden)]
    pub fn each_text(&mut self, mut change: impl FnMut(&mut String)) {
        match self {
            EventKind::StageBegan {
                name,
                desc,
                arguments,
                ..
            } => {
                let values = arguments.iter_mut().flat_map(|given| given.values_mut());
                let texts = name.iter_mut().chain(desc).chain(values.flatten());
                texts.for_each(change);
            }
            EventKind::StageSkipped {
                name, condition, ..
            } => name.iter_mut().chain([condition]).for_each(change),
            EventKind::StageRefused { fault, .. } | EventKind::ScheduleFailed { fault } => {
                fault.each_text(&mut change);
            }
            EventKind::GateEnded { faults, .. }
            | EventKind::ActionFinished { faults, .. }
            | EventKind::ActionGivenUp { faults, .. }
            | EventKind::BackgroundFinished { faults, .. } => {
                for fault in faults {
                    fault.each_text(&mut change);
                }
            }
            EventKind::Waiting { what, holder, .. } => {
                holder.iter_mut().chain([what]).for_each(change);
            }
            EventKind::GateBegan { check, .. } => check.iter_mut().for_each(change),
            EventKind::CommandStarted { script: text, .. }
            | EventKind::StillWaiting { what: text, .. }
            | EventKind::BackgroundStarted { name: text, .. }
            | EventKind::ActionStarted { name: text, .. }
            | EventKind::Report { text, .. }
            | EventKind::Debug { text, .. } => change(text),
            // Not by `_`: a new one may have text.
            EventKind::RunBegan { .. }
            | EventKind::TaskStarted { .. }
            | EventKind::Resumed { .. }
            | EventKind::TimedOut { .. }
            | EventKind::Deadlocked { .. }
            | EventKind::Transferred { .. }
            | EventKind::Output { .. }
            | EventKind::CommandFinished { .. }
            | EventKind::BackgroundAwaited { .. }
            | EventKind::TaskFinished { .. }
            | EventKind::TaskSkipped { .. }
            | EventKind::CancelBegan { .. }
            | EventKind::StageEnded { .. }
            | EventKind::FailureAllowed { .. }
            | EventKind::RunEnded { .. } => {}
        }
    }
}

impl Fault {
    /// All that is text in it.
    fn each_text(&mut self, change: &mut impl FnMut(&mut String)) {
        self.messages.iter_mut().for_each(&mut *change);
        self.hint.iter_mut().for_each(&mut *change);
        if let Some(report) = &mut self.command {
            change(&mut report.command);
        }
    }
}
