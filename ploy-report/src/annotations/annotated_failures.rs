//! The failures of a run, as annotations want them.

use crate::folding::{FoldedFailure, FoldedFailures, key};
use crate::run_index::RunIndex;
use ploy_core::error::Kind;
use ploy_core::event::{ActionId, ErrorReport, EventKind, StageId};

/// The failures of a run, those of many sites that failed alike as one: what their commands put out
/// may differ.
#[derive(Default)]
pub(super) struct AnnotatedFailures {
    run: RunIndex,
    folded: FoldedFailures<AnnotatedFailure>,
}

/// Something that failed.
pub(super) struct AnnotatedFailure {
    /// None if it is the schedule.
    stage: Option<StageId>,
    /// The job, or what else it is.
    pub(super) what: String,
    pub(super) error: ErrorReport,
    pub(super) is_allowed: bool,
}

impl AnnotatedFailures {
    /// Takes an event in.
    pub(super) fn fold(&mut self, kind: &EventKind) {
        self.run.note(kind);
        match kind {
            EventKind::ActionFinished {
                retry_in: Some(_), ..
            } => {}
            EventKind::ActionFinished { action, errors, .. }
            | EventKind::RetryAbandoned { action, errors }
            | EventKind::BackgroundFinished { action, errors, .. }
            | EventKind::GateFinished { action, errors, .. } => self.end_action(*action, errors),
            EventKind::StageRefused { stage, error } => {
                self.add(Some(*stage), &format!("stage {stage}"), None, error);
            }
            EventKind::ScheduleFailed { error } => self.add(None, "the schedule", None, error),
            EventKind::FailureAllowed { stage } => {
                let all = self.folded.iter_mut();
                all.filter(|folded| folded.first.stage == Some(*stage))
                    .for_each(|folded| folded.first.is_allowed = true);
            }
            _ => {}
        }
        self.run.forget(kind);
    }

    /// What failed, each with its sites.
    pub(super) fn all(&self) -> &[FoldedFailure<AnnotatedFailure>] {
        self.folded.all()
    }

    fn end_action(&mut self, action: ActionId, errors: &[ErrorReport]) {
        let Some(action) = self.run.action(action) else {
            return;
        };
        let (stage, job) = (action.stage, action.job.clone());
        let site = (self.run.site_place(&action.site), action.site.clone());
        for error in errors.iter().filter(|error| error.kind != Kind::Cancelled) {
            self.add(Some(stage), &job, Some(site.clone()), error);
        }
    }

    fn add(
        &mut self,
        stage: Option<StageId>,
        what: &str,
        site: Option<(usize, String)>,
        error: &ErrorReport,
    ) {
        let stage_name = stage.map(|stage| stage.to_string()).unwrap_or_default();
        let site_name = site.as_ref().map_or("", |(_, name)| name);
        let key = key(&[&stage_name, what], error, site_name, false);
        let failure = AnnotatedFailure {
            stage,
            what: what.to_owned(),
            error: error.clone(),
            is_allowed: false,
        };
        self.folded.add(key, site, failure);
    }
}

impl AnnotatedFailure {
    #[cfg(test)]
    pub(super) fn new(what: &str, error: ErrorReport) -> Self {
        AnnotatedFailure {
            stage: Some(StageId(1)),
            what: what.to_owned(),
            error,
            is_allowed: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failures(errors: &[(&str, &str)]) -> Vec<(String, usize)> {
        let mut failures = AnnotatedFailures::default();
        for (site, message) in errors {
            failures.add(
                Some(StageId(1)),
                "job",
                Some((0, (*site).to_owned())),
                &ErrorReport::new(Kind::Other, *message),
            );
        }
        let of =
            |one: &FoldedFailure<AnnotatedFailure>| (one.first.error.to_string(), one.sites.len());
        failures.all().iter().map(of).collect()
    }

    #[test]
    fn what_differs_only_in_the_site_is_one_failure() {
        let told = failures(&[
            ("a", "a failed on a"),
            ("b", "b failed on b"),
            ("b", "b failed on b"),
            ("c", "the cellar is full"),
            ("d", "the cellar is full"),
            ("a", "a-b failed on a"),
        ]);
        let expected = [
            ("a failed on a", 2),
            ("the cellar is full", 2),
            ("a-b failed on a", 1),
        ];
        assert_eq!(told, expected.map(|(text, count)| (text.to_owned(), count)));
    }

    #[test]
    fn ten_thousand_failures_take_no_time() {
        let mut failures = AnnotatedFailures::default();
        for number in 0..10_000 {
            let error = ErrorReport::new(Kind::Other, format!("{number} things are wrong"));
            failures.add(
                Some(StageId(1)),
                "job",
                Some((number, format!("web{number}"))),
                &error,
            );
        }
        assert_eq!(failures.all().len(), 10_000);
    }
}
