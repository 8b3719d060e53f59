use crate::error::Kind;
use crate::event::{EventKind, Fault};
use crate::report::roster::Roster;

/// The failures of a run, those of many sites that failed alike as one.
#[derive(Default)]
pub(super) struct Failures {
    roster: Roster,
    all: Vec<Failure>,
}

/// Something that failed, on some sites or none.
pub(super) struct Failure {
    pub(super) stage: u32,
    /// The job, or what else it is.
    pub(super) what: String,
    pub(super) sites: Vec<String>,
    /// Of the first site.
    pub(super) fault: Fault,
    pub(super) is_allowed: bool,
}

impl Failures {
    pub(super) fn take(&mut self, kind: &EventKind) {
        self.roster.note(kind);
        match kind {
            EventKind::ActionFinished { retry: Some(_), .. } => {}
            EventKind::ActionFinished { action, faults, .. }
            | EventKind::ActionGivenUp { action, faults }
            | EventKind::BackgroundFinished { action, faults, .. }
            | EventKind::GateEnded { action, faults, .. } => self.end(*action, faults),
            EventKind::StageRefused { stage, fault } => {
                self.add(*stage, &format!("stage {stage}"), None, fault);
            }
            EventKind::ScheduleFailed { fault } => self.add(0, "the schedule", None, fault),
            EventKind::FailureAllowed { stage } => {
                let of = self.all.iter_mut().filter(|one| one.stage == *stage);
                of.for_each(|failure| failure.is_allowed = true);
            }
            _ => {}
        }
        self.roster.forget(kind);
    }

    pub(super) fn all(&self) -> &[Failure] {
        &self.all
    }

    fn end(&mut self, action: u32, faults: &[Fault]) {
        let Some(action) = self.roster.action(action) else {
            return;
        };
        let (stage, job, site) = (action.stage, action.job.clone(), action.site.clone());
        for fault in faults.iter().filter(|one| one.kind != Kind::Cancelled) {
            self.add(stage, &job, Some(&site), fault);
        }
    }

    fn add(&mut self, stage: u32, what: &str, site: Option<&String>, fault: &Fault) {
        let alike = self
            .all
            .iter_mut()
            .find(|one| one.stage == stage && one.what == what && one.is_like(site, fault));
        match (alike, site) {
            (Some(failure), Some(site)) => {
                if !failure.sites.contains(site) {
                    failure.sites.push(site.clone());
                }
            }
            _ => self.all.push(Failure {
                stage,
                what: what.to_owned(),
                sites: site.cloned().into_iter().collect(),
                fault: fault.clone(),
                is_allowed: false,
            }),
        }
    }
}

impl Failure {
    /// Whether the same went wrong on that site. What its command put out may differ.
    fn is_like(&self, site: Option<&String>, fault: &Fault) -> bool {
        let (Some(own), Some(site)) = (self.sites.first(), site) else {
            return false;
        };
        let pairs = self.fault.messages.iter().zip(&fault.messages);
        self.fault.kind == fault.kind
            && self.fault.at == fault.at
            && self.fault.messages.len() == fault.messages.len()
            && pairs
                .into_iter()
                .all(|(mine, other)| is_alike((mine, own), (other, site)))
    }
}

/// Whether two messages differ in nothing but the names of their sites.
fn is_alike((mine, own): (&str, &str), (other, site): (&str, &str)) -> bool {
    mine == other || mine.replace(own, "\0") == other.replace(site, "\0")
}
