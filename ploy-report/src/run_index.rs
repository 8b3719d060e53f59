//! Who is who in a run, by the numbers that its events have.

use std::collections::HashMap;

use ploy_core::event::{
    ActionId, EventKind, GroupIndex, JobOnSite, StageId, StageView, TaskId, TaskKey,
};

/// Who is who in a run: events name stages, tasks and actions by number once they have begun.
#[derive(Debug, Default)]
pub(crate) struct RunIndex {
    stages: HashMap<StageId, StageNames>,
    actions: HashMap<ActionId, RunningAction>,
    /// The place of each site, in the order in which stages named them first.
    places: HashMap<String, usize>,
}

#[derive(Debug)]
struct StageNames {
    jobs: Vec<String>,
    sites: Vec<String>,
    groups: usize,
    view: StageView,
    tasks: HashMap<TaskId, JobOnSite>,
}

/// What stands behind a number among actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ActionRole {
    /// An action of a task.
    Task(TaskId),
    /// What is done after a group.
    Gate(GroupIndex),
    Background,
}

/// An action that runs.
#[derive(Debug)]
pub(crate) struct RunningAction {
    pub(crate) stage: StageId,
    pub(crate) role: ActionRole,
    pub(crate) site: String,
    pub(crate) job: String,
    pub(crate) name: String,
}

impl RunningAction {
    /// Its task. Checks between groups and work in the background have none.
    pub(crate) fn task(&self) -> Option<TaskId> {
        match self.role {
            ActionRole::Task(task) => Some(task),
            ActionRole::Gate(_) | ActionRole::Background => None,
        }
    }

    /// The same among all tasks of the run.
    pub(crate) fn task_key(&self) -> Option<TaskKey> {
        let task = self.task()?;
        Some(TaskKey {
            stage: self.stage,
            task,
        })
    }
}

impl RunIndex {
    /// Notes who begins.
    pub(crate) fn note(&mut self, event: &EventKind) {
        match event {
            EventKind::StageStarted {
                stage,
                jobs,
                sites,
                group_sizes,
                view,
                ..
            } => self.begin_stage(*stage, jobs, sites, group_sizes.len(), *view),
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
                    self.begin(*stage, ActionRole::Task(*task), names, *action, name);
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
                    self.begin(*stage, ActionRole::Background, names, *action, name);
                }
            }
            _ => {}
        }
    }

    /// Forgets who has ended.
    pub(crate) fn forget(&mut self, event: &EventKind) {
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
        view: StageView,
    ) {
        for site in sites {
            let next = self.places.len();
            self.places.entry(site.clone()).or_insert(next);
        }
        let (jobs, sites, tasks) = (jobs.to_vec(), sites.to_vec(), HashMap::new());
        self.stages.insert(
            stage,
            StageNames {
                jobs,
                sites,
                groups,
                view,
                tasks,
            },
        );
    }

    /// Notes what is done between two groups: it belongs to no site, and is shown under a name of
    /// its own.
    fn begin_gate(&mut self, stage: StageId, action: ActionId, group: GroupIndex, check: &str) {
        let groups = self.stages.get(&stage).map_or(0, |stage| stage.groups);
        let site = format!("group {} of {groups}", group.0 + 1);
        let role = ActionRole::Gate(group);
        self.begin(stage, role, (check.to_owned(), site), action, check);
    }

    fn begin(
        &mut self,
        stage: StageId,
        role: ActionRole,
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
    pub(crate) fn action(&self, action: ActionId) -> Option<&RunningAction> {
        self.actions.get(&action)
    }

    /// The names of a task's job and site, while it runs.
    pub(crate) fn task(&self, stage: StageId, task: TaskId) -> Option<(String, String)> {
        self.names(stage, self.job_on_site(stage, task)?)
    }

    /// The numbers of a task's job and site in its stage, while it runs.
    pub(crate) fn job_on_site(&self, stage: StageId, task: TaskId) -> Option<JobOnSite> {
        self.stages.get(&stage)?.tasks.get(&task).copied()
    }

    /// The jobs of a stage.
    pub(crate) fn jobs(&self, stage: StageId) -> &[String] {
        self.stages.get(&stage).map_or(&[], |stage| &stage.jobs)
    }

    /// The sites of a stage.
    pub(crate) fn sites(&self, stage: StageId) -> &[String] {
        self.stages.get(&stage).map_or(&[], |stage| &stage.sites)
    }

    /// The names of a stage's job and site by their numbers.
    pub(crate) fn names(
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

    /// What of a stage is to be shown, as the stage has it.
    pub(crate) fn view(&self, stage: StageId) -> Option<StageView> {
        self.stages.get(&stage).map(|stage| stage.view)
    }

    /// Who an action is, in words: "upload on web1".
    pub(crate) fn label(&self, action: ActionId) -> Option<String> {
        let running = self.actions.get(&action)?;
        let RunningAction {
            job, site, name, ..
        } = running;
        Some(match running.role {
            ActionRole::Task(_) => format!("{job} on {site}"),
            ActionRole::Gate(group) => format!("the check after group {}", group.0 + 1),
            ActionRole::Background => format!("{name} of {job} on {site}"),
        })
    }

    /// How many sites have taken part.
    pub(crate) fn site_count(&self) -> usize {
        self.places.len()
    }

    /// The place of a site among all of them; what is no site comes last.
    pub(crate) fn site_place(&self, site: &str) -> usize {
        self.places.get(site).copied().unwrap_or(usize::MAX)
    }
}
