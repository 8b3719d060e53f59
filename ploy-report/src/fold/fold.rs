use std::collections::{BTreeMap, HashMap};

use super::super::detail::Detail;
use super::super::layout::{Layout, Said, Told};
use super::super::roster::Roster;
use super::super::screen::Screen;
use super::super::spool::Store;
use super::content::{Content, Digester};
use super::gathered::{Gathered, How};
use crate::catalogue::Mode;
use crate::event::{Event, EventKind};

/// What is the same on many sites, once, when a job has ended on all of them.
pub(in super::super) struct Fold {
    as_differences: bool,
    store: Store,
    digester: Digester,
    /// What tasks that run have put out.
    open: HashMap<(u32, u32), Open>,
    stages: BTreeMap<u32, Stage>,
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
    jobs: BTreeMap<u32, Gathered>,
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
        let open = self.open.entry((told.of.stage, task)).or_default();
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
            EventKind::StageBegan {
                stage, tasks, mode, ..
            } => {
                let begun = Stage {
                    unseen: *tasks,
                    is_by_job: matches!(mode, Mode::Sequential | Mode::Atomic),
                    jobs: BTreeMap::new(),
                };
                self.stages.insert(*stage, begun);
            }
            EventKind::TaskStarted {
                stage, task, job, ..
            } => {
                self.open.insert((*stage, *task), Open::default());
                if let Some(stage) = self.stages.get_mut(stage) {
                    stage.unseen = stage.unseen.saturating_sub(1);
                    stage.jobs.entry(*job).or_default().running += 1;
                }
                self.show_before(screen, roster, *stage, *job);
            }
            EventKind::ActionFinished {
                action,
                faults,
                retry: None,
                ..
            }
            | EventKind::ActionGivenUp { action, faults } => {
                let of = roster.of(*action, 0);
                let task = of.task.map(|task| (of.stage, task));
                if let Some(open) = task.and_then(|task| self.open.get_mut(&task)) {
                    open.content.end_action(*action, faults);
                }
            }
            EventKind::TaskFinished {
                stage,
                task,
                result,
                ..
            } => {
                let open = self.open.remove(&(*stage, *task)).unwrap_or_default();
                let Some((job, site)) = roster.numbers(*stage, *task) else {
                    return;
                };
                let running = self.gathered(*stage, job).map_or(0, |job| job.running);
                if let Some(gathered) = self.gathered(*stage, job) {
                    gathered.running = running.saturating_sub(1);
                }
                self.add(*stage, (job, site), How::Ended(*result), open);
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
                self.add(*stage, (*job, *site), How::Skipped(*reason), open);
                self.show_ended(screen, roster, *stage);
            }
            // The group before it has ended.
            EventKind::GateBegan { stage, .. } | EventKind::StageEnded { stage, .. } => {
                self.show_all(screen, roster, *stage);
                if matches!(event.kind, EventKind::StageEnded { .. }) {
                    self.stages.remove(stage);
                }
            }
            EventKind::RunEnded { .. } => {
                let stages: Vec<u32> = self.stages.keys().copied().collect();
                for stage in stages {
                    self.show_all(screen, roster, stage);
                }
            }
            _ => {}
        }
    }
}

impl Fold {
    fn gathered(&mut self, stage: u32, job: u32) -> Option<&mut Gathered> {
        Some(self.stages.get_mut(&stage)?.jobs.entry(job).or_default())
    }

    fn add(&mut self, stage: u32, (job, site): (u32, u32), how: How, open: Open) {
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
    fn show_before(&mut self, screen: &mut Screen, roster: &Roster, stage: u32, job: u32) {
        if self.stages.get(&stage).is_some_and(|stage| stage.is_by_job) {
            self.show(screen, roster, stage, |other, _| other < job);
        }
    }

    /// Shows the jobs that have ended on all sites, once that is known.
    fn show_ended(&mut self, screen: &mut Screen, roster: &Roster, stage: u32) {
        if self
            .stages
            .get(&stage)
            .is_some_and(|stage| stage.unseen == 0)
        {
            self.show(screen, roster, stage, |_, job| job.running == 0);
        }
    }

    fn show_all(&mut self, screen: &mut Screen, roster: &Roster, stage: u32) {
        self.show(screen, roster, stage, |_, _| true);
    }

    fn show(
        &mut self,
        screen: &mut Screen,
        roster: &Roster,
        stage: u32,
        is_meant: impl Fn(u32, &Gathered) -> bool,
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
