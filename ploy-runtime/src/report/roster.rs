use std::collections::{BTreeSet, HashMap};

use unicode_width::UnicodeWidthStr;

use super::style::Palette;
use crate::event::View;

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
    pub(super) site: String,
    pub(super) job: String,
    pub(super) name: String,
}

impl Roster {
    pub(super) fn begin_stage(
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

    pub(super) fn begin_task(&mut self, stage: u32, task: u32, job: u32, site: u32) {
        if let Some(stage) = self.stages.get_mut(&stage) {
            stage.tasks.insert(task, (job, site));
        }
    }

    pub(super) fn begin_action(&mut self, stage: u32, task: u32, action: u32, name: &str) {
        if let Some((job, site)) = self.task(stage, task) {
            self.begin(stage, (job, site), action, name);
        }
    }

    /// Notes what is done between two groups: it belongs to no site, and is shown under a name of its own.
    pub(super) fn begin_gate(&mut self, stage: u32, action: u32, group: u32, check: &str) {
        let groups = self.stages.get(&stage).map_or(0, |stage| stage.groups);
        let site = format!("group {} of {groups}", group + 1);
        self.width = self.width.max(site.width().min(WIDEST));
        self.begin(stage, (check.to_owned(), site), action, check);
    }

    /// Notes work in the background of a job on a site.
    pub(super) fn begin_background(
        &mut self,
        stage: u32,
        (job, site): (u32, u32),
        action: u32,
        name: &str,
    ) {
        if let Some(names) = self.names(stage, job, site) {
            self.begin(stage, names, action, name);
        }
    }

    fn begin(&mut self, stage: u32, (job, site): (String, String), action: u32, name: &str) {
        let name = name.to_owned();
        self.actions.insert(
            action,
            RunningAction {
                stage,
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

    pub(super) fn end_action(&mut self, action: u32) -> Option<RunningAction> {
        self.actions.remove(&action)
    }

    /// The names of a task's job and site, which are needed no more after this.
    pub(super) fn end_task(&mut self, stage: u32, task: u32) -> Option<(String, String)> {
        let names = self.task(stage, task);
        if let Some(stage) = self.stages.get_mut(&stage) {
            stage.tasks.remove(&task);
        }
        names
    }

    fn task(&self, stage: u32, task: u32) -> Option<(String, String)> {
        let (job, site) = self.stages.get(&stage)?.tasks.get(&task)?;
        self.names(stage, *job, *site)
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

    /// How many sites have taken part.
    pub(super) fn site_count(&self) -> usize {
        self.sites.len()
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
