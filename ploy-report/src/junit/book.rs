use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use super::case::{Case, End, Key};
use crate::error::Kind;
use crate::event::{
    ActionId, ErrorReport, Event, EventKind, EventTime, JobIndex, SiteIndex, StageId, TaskResult,
};

/// What is known of a run so far, as a report wants it: suites of cases.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) run: String,
    /// When it began.
    pub(super) began: EventTime,
    pub(super) suites: BTreeMap<StageId, Suite>,
    pub(super) schedule: Option<ErrorReport>,
    /// The cases of actions that run.
    actions: HashMap<ActionId, (StageId, Key)>,
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
    pub(super) cases: BTreeMap<Key, Case>,
    jobs: Vec<String>,
    sites: Vec<String>,
    groups: usize,
}

impl Suite {
    /// A task's job and site. A job that is listed again is told from the one before.
    fn names(&self, job: JobIndex, site: SiteIndex) -> (String, String) {
        let at = job.index();
        let name = self.jobs.get(at).cloned().unwrap_or_default();
        let before = self.jobs.iter().take(at).filter(|job| **job == name);
        let name = match before.count() {
            0 => name,
            before => format!("{name} ({})", before + 1),
        };
        let site = self.sites.get(site.index()).cloned();
        (name, site.unwrap_or_default())
    }
}

impl Book {
    pub(super) fn take(&mut self, event: &Event) {
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
                jobs,
                sites,
                group_sizes,
                ..
            } => {
                let suite = Suite {
                    name: name.clone(),
                    desc: desc.clone(),
                    mode: Some(mode.name()),
                    began: event.time,
                    ended: event.time,
                    jobs: jobs.clone(),
                    sites: sites.clone(),
                    groups: group_sizes.len(),
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
                case.end = End::Refused;
                case.faults.push(error.clone());
                suite.cases.insert(Key::Stage, case);
            }
            EventKind::ScheduleFailed { error } => self.schedule = Some(error.clone()),
            kind => self.take_case(kind),
        }
    }

    /// Takes in what is about a single case.
    fn take_case(&mut self, kind: &EventKind) {
        match kind {
            EventKind::TaskStarted {
                stage,
                task,
                job,
                site,
            } => {
                self.begin(*stage, Key::Task(*task), *job, *site);
            }
            EventKind::TaskSkipped {
                stage,
                task,
                job,
                site,
                reason,
            } => {
                let case = self.begin(*stage, Key::Task(*task), *job, *site);
                case.end = End::Skipped(*reason);
            }
            EventKind::TaskFinished {
                stage,
                task,
                result,
                duration,
            } => self.end(*stage, Key::Task(*task), *result, *duration),
            EventKind::ActionStarted {
                stage,
                task,
                action,
                ..
            } => {
                self.actions.insert(*action, (*stage, Key::Task(*task)));
            }
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
                let key = Key::Gate(*group);
                self.actions.insert(*action, (*stage, key));
                let suite = self.suite(*stage);
                let place = format!("group {} of {}", group.0 + 1, suite.groups);
                suite.cases.insert(key, Case::new(check, place));
            }
            EventKind::GateFinished {
                stage,
                group,
                action,
                errors,
                duration,
            } => {
                let is_cancelled = |fault: &ErrorReport| fault.kind == Kind::Cancelled;
                let result = match errors.as_slice() {
                    [] => TaskResult::Succeeded,
                    errors if errors.iter().all(is_cancelled) => TaskResult::Cancelled,
                    _ => TaskResult::Failed,
                };
                self.end_action(*action, errors);
                self.end(*stage, Key::Gate(*group), result, *duration);
            }
            EventKind::BackgroundStarted {
                action,
                stage,
                job,
                site,
                name,
                ..
            } => {
                let key = Key::Background(*action);
                self.actions.insert(*action, (*stage, key));
                let case = self.begin(*stage, key, *job, *site);
                case.name = format!("{}: {name}", case.name);
            }
            EventKind::BackgroundFinished {
                action,
                result,
                errors,
                duration,
            } => {
                if let Some((stage, key)) = self.actions.get(action).copied() {
                    self.end_action(*action, errors);
                    self.end(stage, key, *result, *duration);
                }
            }
            _ => {}
        }
    }

    fn suite(&mut self, stage: StageId) -> &mut Suite {
        self.suites.entry(stage).or_default()
    }

    fn begin(&mut self, stage: StageId, key: Key, job: JobIndex, site: SiteIndex) -> &mut Case {
        let suite = self.suite(stage);
        let (name, place) = suite.names(job, site);
        let case = suite.cases.entry(key);
        case.insert_entry(Case::new(name, place)).into_mut()
    }

    fn end(&mut self, stage: StageId, key: Key, result: TaskResult, duration: Duration) {
        if let Some(case) = self.suite(stage).cases.get_mut(&key) {
            case.end = End::Ended(result);
            case.duration = duration;
        }
    }

    fn end_action(&mut self, action: ActionId, faults: &[ErrorReport]) {
        if let Some(case) = self.case_of(action) {
            case.faults.extend_from_slice(faults);
        }
        self.actions.remove(&action);
    }

    fn case_of(&mut self, action: ActionId) -> Option<&mut Case> {
        let (stage, key) = self.actions.get(&action)?;
        self.suites.get_mut(stage)?.cases.get_mut(key)
    }
}
