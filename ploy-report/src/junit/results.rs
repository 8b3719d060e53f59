//! What is known of a run so far, as suites of cases.

use std::collections::BTreeMap;
use std::time::Duration;

use super::case::{Case, CaseEnd, CaseKey};
use crate::run_index::{ActionRole, RunIndex};
use ploy_core::error::Kind;
use ploy_core::event::{
    ActionId, ErrorReport, Event, EventKind, EventTime, JobOnSite, StageId, TaskResult,
};

/// What is known of a run so far, as a report wants it: suites of cases.
#[derive(Debug, Default)]
pub(super) struct RunResults {
    pub(super) run: String,
    /// When it began.
    pub(super) began: EventTime,
    pub(super) suites: BTreeMap<StageId, Suite>,
    pub(super) schedule: Option<ErrorReport>,
    index: RunIndex,
}

/// A stage.
#[derive(Debug, Default)]
pub(super) struct Suite {
    pub(super) name: Option<String>,
    pub(super) desc: Option<String>,
    pub(super) mode: Option<&'static str>,
    pub(super) began: EventTime,
    pub(super) ended: EventTime,
    /// Whether its failures do not count.
    pub(super) allowed: bool,
    pub(super) cases: BTreeMap<CaseKey, Case>,
}

impl RunResults {
    /// A task's job and site. A job that is listed again is told from the one before.
    fn names(&self, stage: StageId, job_on_site: JobOnSite) -> Option<(String, String)> {
        let (name, site) = self.index.names(stage, job_on_site)?;
        let jobs = self.index.jobs(stage).iter().take(job_on_site.job.index());
        Some(match jobs.filter(|job| **job == name).count() {
            0 => (name, site),
            before => (format!("{name} ({})", before + 1), site),
        })
    }

    /// Takes an event in.
    pub(super) fn fold(&mut self, event: &Event) {
        self.index.note(&event.kind);
        match &event.kind {
            EventKind::RunStarted { batch, .. } => {
                self.run = batch.to_string();
                self.began = event.time;
            }
            EventKind::StageStarted {
                stage,
                name,
                desc,
                mode,
                ..
            } => {
                let suite = Suite {
                    name: name.clone(),
                    desc: desc.clone(),
                    mode: Some(mode.name()),
                    began: event.time,
                    ended: event.time,
                    ..Suite::default()
                };
                self.suites.insert(*stage, suite);
            }
            EventKind::StageFinished { stage, .. } => self.suite(*stage).ended = event.time,
            EventKind::FailureAllowed { stage } => self.suite(*stage).allowed = true,
            EventKind::StageRefused { stage, error } => {
                let suite = self.suite(*stage);
                (suite.began, suite.ended) = (event.time, event.time);
                let mut case = Case::new(format!("stage {stage}"), "stage");
                case.end = CaseEnd::Refused;
                case.errors.push(error.clone());
                suite.cases.insert(CaseKey::Stage, case);
            }
            EventKind::ScheduleFailed { error } => self.schedule = Some(error.clone()),
            kind => self.fold_case(kind),
        }
        self.index.forget(&event.kind);
    }

    /// Takes in what is about a single case.
    fn fold_case(&mut self, kind: &EventKind) {
        match kind {
            EventKind::TaskStarted {
                stage,
                task,
                job,
                site,
            } => {
                let (job, site) = (*job, *site);
                self.begin(*stage, CaseKey::Task(*task), JobOnSite { job, site });
            }
            EventKind::TaskSkipped {
                stage,
                task,
                job,
                site,
                reason,
            } => {
                let (job, site) = (*job, *site);
                let case = self.begin(*stage, CaseKey::Task(*task), JobOnSite { job, site });
                case.end = CaseEnd::Skipped(*reason);
            }
            EventKind::TaskFinished {
                stage,
                task,
                result,
                duration,
            } => self.end(*stage, CaseKey::Task(*task), *result, *duration),
            EventKind::ActionFinished {
                action,
                errors,
                duration,
                retry_in: Some(_),
            } => {
                if let Some(case) = self.case_of(*action) {
                    case.tries.push((errors.clone(), *duration));
                }
            }
            EventKind::ActionFinished { action, errors, .. }
            | EventKind::RetryAbandoned { action, errors } => self.end_action(*action, errors),
            EventKind::GateStarted {
                stage,
                group,
                action,
                check: Some(check),
                ..
            } => {
                let place = self.index.action(*action).map(|gate| gate.site.clone());
                let case = Case::new(check, place.unwrap_or_default());
                let key = CaseKey::Gate(*group);
                self.suite(*stage).cases.insert(key, case);
            }
            EventKind::GateFinished {
                stage,
                group,
                action,
                errors,
                duration,
            } => {
                let is_cancelled = |error: &ErrorReport| error.kind == Kind::Cancelled;
                let result = match errors.as_slice() {
                    [] => TaskResult::Succeeded,
                    errors if errors.iter().all(is_cancelled) => TaskResult::Cancelled,
                    _ => TaskResult::Failed,
                };
                self.end_action(*action, errors);
                self.end(*stage, CaseKey::Gate(*group), result, *duration);
            }
            EventKind::BackgroundStarted {
                action,
                stage,
                job,
                site,
                name,
                ..
            } => {
                let (key, job, site) = (CaseKey::Background(*action), *job, *site);
                let case = self.begin(*stage, key, JobOnSite { job, site });
                case.name = format!("{}: {name}", case.name);
            }
            EventKind::BackgroundFinished {
                action,
                result,
                errors,
                duration,
            } => {
                self.end_action(*action, errors);
                if let Some(stage) = self.index.action(*action).map(|running| running.stage) {
                    self.end(stage, CaseKey::Background(*action), *result, *duration);
                }
            }
            _ => {}
        }
    }

    fn suite(&mut self, stage: StageId) -> &mut Suite {
        self.suites.entry(stage).or_default()
    }

    fn begin(&mut self, stage: StageId, key: CaseKey, job_on_site: JobOnSite) -> &mut Case {
        let (name, place) = self.names(stage, job_on_site).unwrap_or_default();
        let case = self.suite(stage).cases.entry(key);
        case.insert_entry(Case::new(name, place)).into_mut()
    }

    fn end(&mut self, stage: StageId, key: CaseKey, result: TaskResult, duration: Duration) {
        if let Some(case) = self.suite(stage).cases.get_mut(&key) {
            case.end = CaseEnd::Ended(result);
            case.duration = duration;
        }
    }

    fn end_action(&mut self, action: ActionId, errors: &[ErrorReport]) {
        if let Some(case) = self.case_of(action) {
            case.errors.extend_from_slice(errors);
        }
    }

    fn case_of(&mut self, action: ActionId) -> Option<&mut Case> {
        let running = self.index.action(action)?;
        let key = match running.role {
            ActionRole::Task(task) => CaseKey::Task(task),
            ActionRole::Gate(group) => CaseKey::Gate(group),
            ActionRole::Background => CaseKey::Background(action),
        };
        let suite = self.suites.get_mut(&running.stage)?;
        suite.cases.get_mut(&key)
    }
}
