use std::collections::{BTreeSet, HashMap};

use unicode_width::UnicodeWidthStr;

use super::detail::Detail;
use super::layout::Of;
use super::style::Palette;
use crate::event::{EventKind, View};

/// The widest column for names of sites: longer names stick out.
const WIDEST: usize = 24;

/// Who is who in a run: events name stages, tasks and actions by number once they have begun.
#[derive(Debug, Default)]
pub(super) struct Roster {
    stages: HashMap<u32, Stage>,
    actions: HashMap<u32, RunningAction>,
    width: usize,
    colors: HashMap<String, usize>,
    sites: BTreeSet<String>,
    /// How much of each stage is shown.
    pub(super) detail: Detail,
}

#[derive(Debug)]
struct Stage {
    jobs: Vec<String>,
    sites: Vec<String>,
    groups: usize,
    view: View,
    tasks: HashMap<u32, (u32, u32)>,
}

/// An action that runs.
#[derive(Debug)]
pub(super) struct RunningAction {
    pub(super) stage: u32,
    /// None if it is a check between groups, or works in the background.
    pub(super) task: Option<u32>,
    pub(super) site: String,
    pub(super) job: String,
    pub(super) name: String,
}

impl Roster {
    /// Notes who begins.
    pub(super) fn note(&mut self, event: &EventKind) {
        match event {
            EventKind::StageBegan {
                stage,
                jobs,
                sites,
                groups,
                view,
                ..
            } => self.begin_stage(*stage, jobs, sites, groups.len(), self.detail.of(*view)),
            EventKind::TaskStarted {
                stage,
                task,
                job,
                site,
            } => {
                if let Some(stage) = self.stages.get_mut(stage) {
                    stage.tasks.insert(*task, (*job, *site));
                }
            }
            EventKind::ActionStarted {
                stage,
                task,
                action,
                name,
                ..
            } => {
                if let Some(names) = self.task(*stage, *task) {
                    self.begin(*stage, Some(*task), names, *action, name);
                }
            }
            EventKind::GateBegan {
                stage,
                group,
                action,
                check,
                ..
            } => self.begin_gate(*stage, *action, *group, check.as_deref().unwrap_or("pause")),
            EventKind::BackgroundStarted {
                action,
                stage,
                job,
                site,
                name,
                ..
            } => {
                if let Some(names) = self.names(*stage, *job, *site) {
                    self.begin(*stage, None, names, *action, name);
                }
            }
            _ => {}
        }
    }

    /// Forgets who has ended.
    pub(super) fn forget(&mut self, event: &EventKind) {
        match event {
            EventKind::TaskFinished { stage, task, .. } => {
                if let Some(stage) = self.stages.get_mut(stage) {
                    stage.tasks.remove(task);
                }
            }
            EventKind::ActionFinished {
                action,
                retry: None,
                ..
            }
            | EventKind::ActionGivenUp { action, .. }
            | EventKind::GateEnded { action, .. }
            | EventKind::BackgroundFinished { action, .. } => {
                self.actions.remove(action);
            }
            _ => {}
        }
    }

    fn begin_stage(
        &mut self,
        stage: u32,
        jobs: &[String],
        sites: &[String],
        groups: usize,
        view: View,
    ) {
        for site in sites {
            self.width = self.width.max(site.width().min(WIDEST));
            let next = self.colors.len();
            self.colors.entry(site.clone()).or_insert(next);
        }
        self.sites.extend(sites.iter().cloned());
        let (jobs, sites, tasks) = (jobs.to_vec(), sites.to_vec(), HashMap::new());
        self.stages.insert(
            stage,
            Stage {
                jobs,
                sites,
                groups,
                view,
                tasks,
            },
        );
    }

    /// Notes what is done between two groups: it belongs to no site, and is shown under a name of its own.
    fn begin_gate(&mut self, stage: u32, action: u32, group: u32, check: &str) {
        let groups = self.stages.get(&stage).map_or(0, |stage| stage.groups);
        let site = format!("group {} of {groups}", group + 1);
        self.width = self.width.max(site.width().min(WIDEST));
        self.begin(stage, None, (check.to_owned(), site), action, check);
    }

    fn begin(
        &mut self,
        stage: u32,
        task: Option<u32>,
        (job, site): (String, String),
        action: u32,
        name: &str,
    ) {
        let name = name.to_owned();
        self.actions.insert(
            action,
            RunningAction {
                stage,
                task,
                site,
                job,
                name,
            },
        );
    }

    /// An action that runs.
    pub(super) fn action(&self, action: u32) -> Option<&RunningAction> {
        self.actions.get(&action)
    }

    /// The names of a task's job and site, while it runs.
    pub(super) fn task(&self, stage: u32, task: u32) -> Option<(String, String)> {
        let (job, site) = self.numbers(stage, task)?;
        self.names(stage, job, site)
    }

    /// The numbers of a task's job and site in its stage, while it runs.
    pub(super) fn numbers(&self, stage: u32, task: u32) -> Option<(u32, u32)> {
        self.stages.get(&stage)?.tasks.get(&task).copied()
    }

    /// The jobs of a stage.
    pub(super) fn jobs(&self, stage: u32) -> &[String] {
        self.stages.get(&stage).map_or(&[], |stage| &stage.jobs)
    }

    /// The sites of a stage.
    pub(super) fn sites(&self, stage: u32) -> &[String] {
        self.stages.get(&stage).map_or(&[], |stage| &stage.sites)
    }

    /// The names of a stage's job and site by their numbers.
    pub(super) fn names(&self, stage: u32, job: u32, site: u32) -> Option<(String, String)> {
        let stage = self.stages.get(&stage)?;
        Some((
            stage.jobs.get(job as usize)?.clone(),
            stage.sites.get(site as usize)?.clone(),
        ))
    }

    /// What of a stage is to be shown.
    pub(super) fn view(&self, stage: u32) -> Option<View> {
        self.stages.get(&stage).map(|stage| stage.view)
    }

    /// The site of an action, if what `shows` asks of its stage's view holds.
    pub(super) fn shown_site(
        &self,
        action: u32,
        shows: impl FnOnce(View) -> bool,
    ) -> Option<String> {
        let action = self.actions.get(&action)?;
        shows(self.view(action.stage)?).then(|| action.site.clone())
    }

    /// Whose a line of an action's command is.
    pub(super) fn of(&self, action: u32, command: u32) -> Of {
        let running = self.actions.get(&action);
        Of {
            stage: running.map_or(0, |running| running.stage),
            task: running.and_then(|running| running.task),
            action,
            command,
        }
    }

    /// How many sites have taken part.
    pub(super) fn site_count(&self) -> usize {
        self.sites.len()
    }

    /// How wide the column for names is.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// The place of a site among all of them; what is no site comes last.
    pub(super) fn place(&self, site: &str) -> usize {
        self.colors.get(site).copied().unwrap_or(usize::MAX)
    }

    /// A site's name, in its colour and padded to the width of the longest.
    pub(super) fn prefix(&self, palette: Palette, site: &str) -> String {
        let padding = " ".repeat(self.width.saturating_sub(site.width()));
        palette.site(
            self.colors.get(site).copied().unwrap_or(0),
            format_args!("{site}{padding}"),
        )
    }
}
