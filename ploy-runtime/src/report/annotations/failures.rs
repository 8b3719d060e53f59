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
        match kind {
            EventKind::StageBegan {
                stage,
                jobs,
                sites,
                groups,
                view,
                ..
            } => self
                .roster
                .begin_stage(*stage, jobs, sites, groups.len(), *view),
            EventKind::TaskStarted {
                stage,
                task,
                job,
                site,
            } => self.roster.begin_task(*stage, *task, *job, *site),
            EventKind::TaskFinished { stage, task, .. } => {
                self.roster.end_task(*stage, *task);
            }
            EventKind::ActionStarted {
                stage,
                task,
                action,
                name,
                ..
            } => self.roster.begin_action(*stage, *task, *action, name),
            EventKind::BackgroundStarted {
                action,
                stage,
                job,
                site,
                name,
                ..
            } => self
                .roster
                .begin_background(*stage, (*job, *site), *action, name),
            EventKind::GateBegan {
                stage,
                group,
                action,
                check,
                ..
            } => {
                let check = check.as_deref().unwrap_or("pause");
                self.roster.begin_gate(*stage, *action, *group, check);
            }
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
    }

    pub(super) fn all(&self) -> &[Failure] {
        &self.all
    }

    fn end(&mut self, action: u32, faults: &[Fault]) {
        if let Some(action) = self.roster.end_action(action) {
            for fault in faults.iter().filter(|one| one.kind != Kind::Cancelled) {
                self.add(action.stage, &action.job, Some(&action.site), fault);
            }
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
