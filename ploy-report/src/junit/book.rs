use std::collections::{BTreeMap, HashMap};

use super::case::{Case, End, Key};
use crate::error::Kind;
use crate::event::{Event, EventKind, Fault, TaskResult};

/// What is known of a run so far, as a report wants it: suites of cases.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) run: String,
    /// When it began, in milliseconds since 1970.
    pub(super) began: i64,
    pub(super) suites: BTreeMap<u32, Suite>,
    pub(super) schedule: Option<Fault>,
    /// The cases of actions that run.
    actions: HashMap<u32, (u32, Key)>,
}

/// A stage.
#[derive(Debug, Default)]
pub(super) struct Suite {
    pub(super) name: Option<String>,
    pub(super) desc: Option<String>,
    pub(super) mode: Option<&'static str>,
    pub(super) began: i64,
    pub(super) ended: i64,
    /// Whether its failures do not count.
    pub(super) allowed: bool,
    pub(super) cases: BTreeMap<Key, Case>,
    jobs: Vec<String>,
    sites: Vec<String>,
    groups: usize,
}

impl Suite {
    /// A task's job and site. A job that is listed again is told from the one before.
    fn names(&self, job: u32, site: u32) -> (String, String) {
        let at = job as usize;
        let name = self.jobs.get(at).cloned().unwrap_or_default();
        let before = self.jobs.iter().take(at).filter(|job| **job == name);
        let name = match before.count() {
            0 => name,
            before => format!("{name} ({})", before + 1),
        };
        let site = self.sites.get(site as usize).cloned();
        (name, site.unwrap_or_default())
    }
}

impl Book {
    pub(super) fn take(&mut self, event: &Event) {
        match &event.kind {
            EventKind::RunBegan { batch, .. } => {
                self.run = batch.to_string();
                self.began = event.time;
            }
            EventKind::StageBegan {
                stage,
                name,
                desc,
                mode,
                jobs,
                sites,
                groups,
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
                    groups: groups.len(),
                    ..Suite::default()
                };
                self.suites.insert(*stage, suite);
            }
            EventKind::StageEnded { stage, .. } => self.suite(*stage).ended = event.time,
            EventKind::FailureAllowed { stage } => self.suite(*stage).allowed = true,
            EventKind::StageRefused { stage, fault } => {
                let suite = self.suite(*stage);
                (suite.began, suite.ended) = (event.time, event.time);
                let mut case = Case::new(format!("stage {stage}"), "stage");
                case.end = End::Refused;
                case.faults.push(fault.clone());
                suite.cases.insert(Key::Stage, case);
            }
            EventKind::ScheduleFailed { fault } => self.schedule = Some(fault.clone()),
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
                faults,
                duration,
                retry: Some(_),
            } => {
                if let Some(case) = self.case_of(*action) {
                    case.tries.push((faults.clone(), *duration));
                }
            }
            EventKind::ActionFinished { action, faults, .. }
            | EventKind::ActionGivenUp { action, faults } => self.end_action(*action, faults),
            EventKind::GateBegan {
                stage,
                group,
                action,
                check: Some(check),
                ..
            } => {
                let key = Key::Gate(*group);
                self.actions.insert(*action, (*stage, key));
                let suite = self.suite(*stage);
                let place = format!("group {} of {}", group + 1, suite.groups);
                suite.cases.insert(key, Case::new(check, place));
            }
            EventKind::GateEnded {
                stage,
                group,
                action,
                faults,
                duration,
            } => {
                let is_cancelled = |fault: &Fault| fault.kind == Kind::Cancelled;
                let result = match faults.as_slice() {
                    [] => TaskResult::Succeeded,
                    faults if faults.iter().all(is_cancelled) => TaskResult::Cancelled,
                    _ => TaskResult::Failed,
                };
                self.end_action(*action, faults);
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
                faults,
                duration,
            } => {
                if let Some((stage, key)) = self.actions.get(action).copied() {
                    self.end_action(*action, faults);
                    self.end(stage, key, *result, *duration);
                }
            }
            _ => {}
        }
    }

    fn suite(&mut self, stage: u32) -> &mut Suite {
        self.suites.entry(stage).or_default()
    }

    fn begin(&mut self, stage: u32, key: Key, job: u32, site: u32) -> &mut Case {
        let suite = self.suite(stage);
        let (name, place) = suite.names(job, site);
        let case = suite.cases.entry(key);
        case.insert_entry(Case::new(name, place)).into_mut()
    }

    fn end(&mut self, stage: u32, key: Key, result: TaskResult, duration: u64) {
        if let Some(case) = self.suite(stage).cases.get_mut(&key) {
            case.end = End::Ended(result);
            case.duration = duration;
        }
    }

    fn end_action(&mut self, action: u32, faults: &[Fault]) {
        if let Some(case) = self.case_of(action) {
            case.faults.extend_from_slice(faults);
        }
        self.actions.remove(&action);
    }

    fn case_of(&mut self, action: u32) -> Option<&mut Case> {
        let (stage, key) = self.actions.get(&action)?;
        self.suites.get_mut(stage)?.cases.get_mut(key)
    }
}
