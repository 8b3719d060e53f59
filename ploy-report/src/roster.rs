use std::collections::{BTreeSet, HashMap};

use unicode_width::UnicodeWidthStr;

use super::detail::Detail;
use super::owner::LineOwner;
use super::style::Palette;
use crate::event::{
    ActionId, CommandId, EventKind, GroupIndex, JobOnSite, StageId, TaskId, TaskKey, View,
};

/// The widest column for names of sites: longer names stick out.
const WIDEST: usize = 24;

/// Who is who in a run: events name stages, tasks and actions by number once they have begun.
#[derive(Debug, Default)]
pub(super) struct Roster {
    stages: HashMap<StageId, Stage>,
    actions: HashMap<ActionId, RunningAction>,
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
    tasks: HashMap<TaskId, JobOnSite>,
}

/// What stands behind a number among actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// An action of a task.
    Task(TaskId),
    /// What is done after a group.
    Gate(GroupIndex),
    Background,
}

/// An action that runs.
#[derive(Debug)]
pub(super) struct RunningAction {
    pub(super) stage: StageId,
    pub(super) role: Role,
    pub(super) site: String,
    pub(super) job: String,
    pub(super) name: String,
}

impl RunningAction {
    /// Its task. Checks between groups and work in the background have none.
    pub(super) fn task(&self) -> Option<TaskId> {
        match self.role {
            Role::Task(task) => Some(task),
            Role::Gate(_) | Role::Background => None,
        }
    }

    /// The same among all tasks of the run.
    pub(super) fn task_key(&self) -> Option<TaskKey> {
        let task = self.task()?;
        Some(TaskKey {
            stage: self.stage,
            task,
        })
    }
}

impl Roster {
    /// Notes who begins.
    pub(super) fn note(&mut self, event: &EventKind) {
        match event {
            EventKind::StageStarted {
                stage,
                jobs,
                sites,
                group_sizes,
                view,
                ..
            } => self.begin_stage(
                *stage,
                jobs,
                sites,
                group_sizes.len(),
                self.detail.of(*view),
            ),
            EventKind::TaskStarted {
                stage,
                task,
                job,
                site,
            } => {
                if let Some(stage) = self.stages.get_mut(stage) {
                    let (job, site) = (*job, *site);
                    stage.tasks.insert(*task, JobOnSite { job, site });
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
                    self.begin(*stage, Role::Task(*task), names, *action, name);
                }
            }
            EventKind::GateStarted {
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
                let (job, site) = (*job, *site);
                if let Some(names) = self.names(*stage, JobOnSite { job, site }) {
                    self.begin(*stage, Role::Background, names, *action, name);
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
                retry_in: None,
                ..
            }
            | EventKind::RetryAbandoned { action, .. }
            | EventKind::GateFinished { action, .. }
            | EventKind::BackgroundFinished { action, .. } => {
                self.actions.remove(action);
            }
            _ => {}
        }
    }

    fn begin_stage(
        &mut self,
        stage: StageId,
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
    fn begin_gate(&mut self, stage: StageId, action: ActionId, group: GroupIndex, check: &str) {
        let groups = self.stages.get(&stage).map_or(0, |stage| stage.groups);
        let site = format!("group {} of {groups}", group.0 + 1);
        self.width = self.width.max(site.width().min(WIDEST));
        let role = Role::Gate(group);
        self.begin(stage, role, (check.to_owned(), site), action, check);
    }

    fn begin(
        &mut self,
        stage: StageId,
        role: Role,
        (job, site): (String, String),
        action: ActionId,
        name: &str,
    ) {
        let name = name.to_owned();
        self.actions.insert(
            action,
            RunningAction {
                stage,
                role,
                site,
                job,
                name,
            },
        );
    }

    /// An action that runs.
    pub(super) fn action(&self, action: ActionId) -> Option<&RunningAction> {
        self.actions.get(&action)
    }

    /// The names of a task's job and site, while it runs.
    pub(super) fn task(&self, stage: StageId, task: TaskId) -> Option<(String, String)> {
        self.names(stage, self.job_on_site(stage, task)?)
    }

    /// The numbers of a task's job and site in its stage, while it runs.
    pub(super) fn job_on_site(&self, stage: StageId, task: TaskId) -> Option<JobOnSite> {
        self.stages.get(&stage)?.tasks.get(&task).copied()
    }

    /// The jobs of a stage.
    pub(super) fn jobs(&self, stage: StageId) -> &[String] {
        self.stages.get(&stage).map_or(&[], |stage| &stage.jobs)
    }

    /// The sites of a stage.
    pub(super) fn sites(&self, stage: StageId) -> &[String] {
        self.stages.get(&stage).map_or(&[], |stage| &stage.sites)
    }

    /// The names of a stage's job and site by their numbers.
    pub(super) fn names(
        &self,
        stage: StageId,
        JobOnSite { job, site }: JobOnSite,
    ) -> Option<(String, String)> {
        let stage = self.stages.get(&stage)?;
        Some((
            stage.jobs.get(job.index())?.clone(),
            stage.sites.get(site.index())?.clone(),
        ))
    }

    /// What of a stage is to be shown.
    pub(super) fn view(&self, stage: StageId) -> Option<View> {
        self.stages.get(&stage).map(|stage| stage.view)
    }

    /// The site of an action, and whose a line of it (or of this command of it) is, if what `shows` asks
    /// of its stage's view holds.
    pub(super) fn shown(
        &self,
        action: ActionId,
        command: Option<CommandId>,
        shows: impl FnOnce(View) -> bool,
    ) -> Option<(LineOwner, String)> {
        let running = self.actions.get(&action)?;
        let owner = LineOwner {
            stage: running.stage,
            task: running.task(),
            action: Some(action),
            command,
        };
        shows(self.view(running.stage)?).then(|| (owner, running.site.clone()))
    }

    /// Who an action is, in words: "upload on web1".
    pub(super) fn label(&self, action: ActionId) -> Option<String> {
        let running = self.actions.get(&action)?;
        let RunningAction {
            job, site, name, ..
        } = running;
        Some(match running.role {
            Role::Task(_) => format!("{job} on {site}"),
            Role::Gate(group) => format!("the check after group {}", group.0 + 1),
            Role::Background => format!("{name} of {job} on {site}"),
        })
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
