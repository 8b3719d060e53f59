use std::collections::{HashMap, HashSet};

use crate::error::Kind;
use crate::event::{ActionId, ErrorReport, EventKind, SourceLocation, StageId};
use crate::roster::Roster;

/// The failures of a run, those of many sites that failed alike as one.
#[derive(Default)]
pub(super) struct Failures {
    roster: Roster,
    all: Vec<Failure>,
    /// Where each is among them.
    alike: HashMap<Alike, usize>,
    /// The sites that each has.
    sites: HashSet<(usize, String)>,
}

/// What failures that are told as one have in common. What their commands put out may differ.
#[derive(PartialEq, Eq, Hash)]
struct Alike {
    stage: Option<StageId>,
    what: String,
    kind: Kind,
    location: Option<SourceLocation>,
    /// Without the names of sites.
    messages: Vec<String>,
}

/// Something that failed, on some sites or none.
pub(super) struct Failure {
    /// None if it is the schedule's own.
    pub(super) stage: Option<StageId>,
    /// The job, or what else it is.
    pub(super) what: String,
    pub(super) sites: Vec<String>,
    /// Of the first site.
    pub(super) fault: ErrorReport,
    pub(super) is_allowed: bool,
}

impl Failures {
    pub(super) fn take(&mut self, kind: &EventKind) {
        self.roster.note(kind);
        match kind {
            EventKind::ActionFinished {
                retry_in: Some(_), ..
            } => {}
            EventKind::ActionFinished { action, errors, .. }
            | EventKind::RetryAbandoned { action, errors }
            | EventKind::BackgroundFinished { action, errors, .. }
            | EventKind::GateFinished { action, errors, .. } => self.end(*action, errors),
            EventKind::StageRefused { stage, error } => {
                self.add(Some(*stage), &format!("stage {stage}"), None, error);
            }
            EventKind::ScheduleFailed { error } => self.add(None, "the schedule", None, error),
            EventKind::FailureAllowed { stage } => {
                let of = self.all.iter_mut().filter(|one| one.stage == Some(*stage));
                of.for_each(|failure| failure.is_allowed = true);
            }
            _ => {}
        }
        self.roster.forget(kind);
    }

    pub(super) fn all(&self) -> &[Failure] {
        &self.all
    }

    fn end(&mut self, action: ActionId, faults: &[ErrorReport]) {
        let Some(action) = self.roster.action(action) else {
            return;
        };
        let (stage, job, site) = (action.stage, action.job.clone(), action.site.clone());
        for fault in faults.iter().filter(|one| one.kind != Kind::Cancelled) {
            self.add(Some(stage), &job, Some(&site), fault);
        }
    }

    fn add(&mut self, stage: Option<StageId>, what: &str, site: Option<&str>, fault: &ErrorReport) {
        let messages = fault.messages.iter();
        let messages: Vec<String> = messages.map(|one| without(one, site)).collect();
        let alike = Alike {
            stage,
            what: what.to_owned(),
            kind: fault.kind,
            location: fault.location.clone(),
            messages,
        };
        let next = self.all.len();
        let index = *self.alike.entry(alike).or_insert(next);
        if index == next {
            self.all.push(Failure {
                stage,
                what: what.to_owned(),
                sites: Vec::new(),
                fault: fault.clone(),
                is_allowed: false,
            });
        }
        if let Some(site) = site
            && self.sites.insert((index, site.to_owned()))
        {
            self.all[index].sites.push(site.to_owned());
        }
    }
}

/// A message without the name of its site, so that those of other sites can be the same.
fn without(message: &str, site: Option<&str>) -> String {
    let Some(site) = site.filter(|site| !site.is_empty()) else {
        return message.to_owned();
    };
    let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let (mut shown, mut rest) = (String::new(), message);
    while let Some(at) = rest.find(site) {
        let (before, after) = (&rest[..at], &rest[at + site.len()..]);
        shown.push_str(before);
        // Not within a longer name.
        let is_whole = !shown.ends_with(is_of_name) && !after.starts_with(is_of_name);
        shown.push_str(if is_whole { "\0" } else { site });
        rest = after;
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failures(faults: &[(&str, &str)]) -> Vec<(String, usize)> {
        let mut failures = Failures::default();
        for (site, message) in faults {
            failures.add(
                Some(StageId(1)),
                "job",
                Some(site),
                &ErrorReport::new(Kind::Other, *message),
            );
        }
        let of = |one: &Failure| (one.fault.to_string(), one.sites.len());
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
        let mut failures = Failures::default();
        for number in 0..10_000 {
            let fault = ErrorReport::new(Kind::Other, format!("{number} things are wrong"));
            failures.add(
                Some(StageId(1)),
                "job",
                Some(&format!("web{number}")),
                &fault,
            );
        }
        assert_eq!(failures.all().len(), 10_000);
    }
}
