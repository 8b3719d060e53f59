use std::collections::{BTreeMap, HashMap};

use super::super::detail::Detail;
use super::super::layout::{Layout, Said, Told};
use super::super::roster::{Roster, RunningAction};
use super::super::screen::Screen;
use super::super::spool::Store;
use super::content::{Content, Digester};
use super::gathered::{Gathered, How};
use crate::catalogue::Mode;
use crate::event::{Event, EventKind, JobIndex, JobOnSite, StageId, TaskKey};

/// What is the same on many sites, once, when a job has ended on all of them.
pub(in super::super) struct Fold {
    as_differences: bool,
    store: Store,
    digester: Digester,
    /// What tasks that run have put out.
    open: HashMap<TaskKey, Open>,
    stages: BTreeMap<StageId, Stage>,
}

#[derive(Default)]
struct Open {
    content: Content,
    /// Whether anything of the task is to be shown.
    is_shown: bool,
}

struct Stage {
    /// How many of its tasks have neither begun nor been given up: of which jobs they are is not known.
    unseen: u32,
    /// Whether each job begins when the one before has ended on all sites.
    is_by_job: bool,
    jobs: BTreeMap<JobIndex, Gathered>,
}

impl Fold {
    /// Shows what is not most common by how it differs, if asked to.
    pub(in super::super) fn new(as_differences: bool) -> Self {
        Fold {
            as_differences,
            store: Store::default(),
            digester: Digester::default(),
            open: HashMap::new(),
            stages: BTreeMap::new(),
        }
    }
}

impl Layout for Fold {
    fn told(&mut self, screen: &mut Screen, roster: &Roster, told: &Told<'_>) {
        let Some(task) = told.of.task else {
            // A check between groups, or work in the background: there is nothing that it could be like.
            return told.show(screen, roster);
        };
        // It was not started.
        if told.said == Said::Skipped {
            return;
        }
        let open = self
            .open
            .entry(TaskKey {
                stage: told.of.stage,
                task,
            })
            .or_default();
        match told.said {
            Said::Ended(..) => open.is_shown = true,
            Said::Command => {
                open.content.begin_command(told.of);
                if roster.detail >= Detail::Verbose {
                    told.show(screen, roster);
                }
            }
            _ if open.content.push(&mut self.store, told) => open.is_shown = true,
            _ => told.show(screen, roster),
        }
    }

    fn event(&mut self, screen: &mut Screen, roster: &Roster, event: &Event) {
        match &event.kind {
            EventKind::StageStarted {
                stage,
                task_count,
                mode,
                ..
            } => {
                let begun = Stage {
                    unseen: *task_count,
                    is_by_job: matches!(mode, Mode::Sequential | Mode::Atomic),
                    jobs: BTreeMap::new(),
                };
                self.stages.insert(*stage, begun);
            }
            EventKind::TaskStarted {
                stage, task, job, ..
            } => {
                let key = TaskKey {
                    stage: *stage,
                    task: *task,
                };
                self.open.insert(key, Open::default());
                if let Some(stage) = self.stages.get_mut(stage) {
                    stage.unseen = stage.unseen.saturating_sub(1);
                    stage.jobs.entry(*job).or_default().running += 1;
                }
                self.show_before(screen, roster, *stage, *job);
            }
            EventKind::ActionFinished {
                action,
                errors,
                retry_in: None,
                ..
            }
            | EventKind::RetryAbandoned { action, errors } => {
                let task = roster.action(*action).and_then(RunningAction::task_key);
                if let Some(open) = task.and_then(|task| self.open.get_mut(&task)) {
                    open.content.end_action(*action, errors);
                }
            }
            EventKind::TaskFinished {
                stage,
                task,
                result,
                ..
            } => {
                let key = TaskKey {
                    stage: *stage,
                    task: *task,
                };
                let open = self.open.remove(&key).unwrap_or_default();
                let Some(job_on_site) = roster.job_on_site(*stage, *task) else {
                    return;
                };
                if let Some(gathered) = self.gathered(*stage, job_on_site.job) {
                    gathered.running = gathered.running.saturating_sub(1);
                }
                self.add(*stage, job_on_site, How::Ended(*result), open);
                self.show_ended(screen, roster, *stage);
            }
            EventKind::TaskSkipped {
                stage,
                job,
                site,
                reason,
                ..
            } => {
                let open = Open {
                    content: Content::default(),
                    is_shown: roster
                        .view(*stage)
                        .is_some_and(|view| view.log || !view.quiet),
                };
                if let Some(stage) = self.stages.get_mut(stage) {
                    stage.unseen = stage.unseen.saturating_sub(1);
                }
                let (job, site) = (*job, *site);
                self.add(*stage, JobOnSite { job, site }, How::Skipped(*reason), open);
                self.show_ended(screen, roster, *stage);
            }
            // The group before it has ended.
            EventKind::GateStarted { stage, .. } | EventKind::StageFinished { stage, .. } => {
                self.show_all(screen, roster, *stage);
                if matches!(event.kind, EventKind::StageFinished { .. }) {
                    self.stages.remove(stage);
                }
            }
            EventKind::RunFinished { .. } => {
                let stages: Vec<StageId> = self.stages.keys().copied().collect();
                for stage in stages {
                    self.show_all(screen, roster, stage);
                }
            }
            _ => {}
        }
    }
}

impl Fold {
    fn gathered(&mut self, stage: StageId, job: JobIndex) -> Option<&mut Gathered> {
        Some(self.stages.get_mut(&stage)?.jobs.entry(job).or_default())
    }

    fn add(&mut self, stage: StageId, JobOnSite { job, site }: JobOnSite, how: How, open: Open) {
        let Open { content, is_shown } = open;
        if !is_shown && content.is_empty() {
            return;
        }
        let digest = content.digest(&self.store, &self.digester).ok();
        let gathered = self.stages.get_mut(&stage).map(|stage| &mut stage.jobs);
        if let Some(jobs) = gathered {
            let gathered = jobs.entry(job).or_default();
            gathered.add(&mut self.store, site, how, (digest, content));
        }
    }

    /// Shows the jobs before one that begins, where it has waited for them.
    fn show_before(&mut self, screen: &mut Screen, roster: &Roster, stage: StageId, job: JobIndex) {
        if self.stages.get(&stage).is_some_and(|stage| stage.is_by_job) {
            self.show(screen, roster, stage, |other, _| other < job);
        }
    }

    /// Shows the jobs that have ended on all sites, once that is known.
    fn show_ended(&mut self, screen: &mut Screen, roster: &Roster, stage: StageId) {
        if self
            .stages
            .get(&stage)
            .is_some_and(|stage| stage.unseen == 0)
        {
            self.show(screen, roster, stage, |_, job| job.running == 0);
        }
    }

    fn show_all(&mut self, screen: &mut Screen, roster: &Roster, stage: StageId) {
        self.show(screen, roster, stage, |_, _| true);
    }

    fn show(
        &mut self,
        screen: &mut Screen,
        roster: &Roster,
        stage: StageId,
        is_meant: impl Fn(JobIndex, &Gathered) -> bool,
    ) {
        let Some(running) = self.stages.get_mut(&stage) else {
            return;
        };
        for (job, gathered) in &mut running.jobs {
            if is_meant(*job, gathered) {
                let of = (stage, *job);
                gathered.show(screen, roster, &mut self.store, of, self.as_differences);
            }
        }
    }
}
