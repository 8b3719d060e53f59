//! What runs where, and how much of the run is done.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use unicode_width::UnicodeWidthStr;

use super::action_state::ActionState;
use super::row::plain;
use super::running_command::RunningCommand;
use super::running_work::RunningWork;
use ploy_core::event::{
    ActionId, CancelReason, CommandId, EventTime, GroupIndex, JobOnSite, StageId, StageView, Stats,
    TaskKey,
};
use ploy_report::duration;

/// What runs where and since when, and how much of the run is done: a fold over its events.
#[derive(Debug, Default)]
pub(super) struct RunState {
    pub(super) stages: HashMap<StageId, LiveStage>,
    /// The place of each site, in the order in which they were named first.
    pub(super) places: HashMap<String, usize>,
    /// How wide the names of sites and of jobs are, so that columns stay where they are.
    pub(super) site_width: usize,
    pub(super) job_width: usize,
    works: BTreeMap<u64, RunningWork>,
    next: u64,
    pub(super) tasks: HashMap<TaskKey, u64>,
    pub(super) actions: HashMap<ActionId, u64>,
    pub(super) stats: Stats,
    /// How many tasks the stages have that have begun.
    pub(super) total: u64,
    /// How many of those have ended, or will not start.
    pub(super) done: u64,
    /// When the run began.
    pub(super) began: EventTime,
    /// Whether it has ended.
    pub(super) is_over: bool,
    /// Why it is cancelled, and when what still runs is killed.
    pub(super) cancel: Option<(CancelReason, EventTime)>,
}

/// The same, for who follows the run and who draws it.
#[derive(Clone, Default)]
pub(super) struct SharedRunState(Arc<Mutex<RunState>>);

impl SharedRunState {
    pub(super) fn lock(&self) -> MutexGuard<'_, RunState> {
        // What a panic left of it is drawn nonetheless.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stage that has begun.
#[derive(Debug)]
pub(super) struct LiveStage {
    pub(super) jobs: Vec<String>,
    pub(super) sites: Vec<String>,
    pub(super) groups: usize,
    pub(super) view: StageView,
}

impl RunState {
    pub(super) fn begin(
        &mut self,
        stage: StageId,
        JobOnSite { job, site }: JobOnSite,
        name: Option<&str>,
        time: EventTime,
    ) -> Option<u64> {
        let stage = self.stages.get(&stage)?;
        let job = stage.jobs.get(job.index())?;
        let site = stage.sites.get(site.index())?;
        let (label, job) = match name {
            Some(name) => (
                format!("{name} of {job} on {site}"),
                format!("{job} ({name})"),
            ),
            None => (format!("{job} on {site}"), job.clone()),
        };
        let work = RunningWork {
            label,
            site: plain(site.as_bytes()),
            place: self.places.get(site).copied().unwrap_or_default(),
            job: plain(job.as_bytes()),
            began: time,
            shows_log: stage.view.log,
            shows_reports: stage.view.report,
            actions: BTreeMap::new(),
        };
        Some(self.add(work))
    }

    pub(super) fn begin_gate(
        &mut self,
        stage: StageId,
        group: GroupIndex,
        action: ActionId,
        pause: Duration,
        check: Option<&str>,
        time: EventTime,
    ) {
        let Some(of) = self.stages.get(&stage) else {
            return;
        };
        let work = RunningWork {
            label: format!("the check after group {}", group.0 + 1),
            site: format!("group {} of {}", group.0 + 1, of.groups),
            // It belongs to no site, and stands before all.
            place: 0,
            job: plain(check.unwrap_or("pause").as_bytes()),
            began: time,
            shows_log: of.view.log,
            shows_reports: of.view.report,
            actions: BTreeMap::new(),
        };
        let id = self.add(work);
        self.begin_action(action, id);
        if !pause.is_zero() {
            self.wait(action, Some(format!("pauses for {}", duration(pause))));
        }
    }

    fn add(&mut self, work: RunningWork) -> u64 {
        // Groups and work in the background have names of their own.
        self.site_width = self.site_width.max(work.site.width());
        self.job_width = self.job_width.max(work.job.width());
        self.next += 1;
        self.works.insert(self.next, work);
        self.next
    }

    pub(super) fn end(&mut self, id: u64) {
        if let Some(work) = self.works.remove(&id) {
            for action in work.actions.keys() {
                self.actions.remove(action);
            }
        }
    }

    /// A further try begins anew.
    pub(super) fn begin_action(&mut self, action: ActionId, id: u64) {
        self.actions.insert(action, id);
        if let Some(work) = self.works.get_mut(&id) {
            work.actions.insert(action, ActionState::default());
        }
    }

    pub(super) fn end_action(&mut self, action: ActionId) {
        if let Some(id) = self.actions.remove(&action)
            && let Some(work) = self.works.get_mut(&id)
        {
            work.actions.remove(&action);
        }
    }

    pub(super) fn wait(&mut self, action: ActionId, what: Option<String>) {
        if let Some(doing) = self.doing(action) {
            doing.waits_for = what;
        }
    }

    pub(super) fn doing(&mut self, action: ActionId) -> Option<&mut ActionState> {
        let id = self.actions.get(&action)?;
        self.works.get_mut(id)?.actions.get_mut(&action)
    }

    pub(super) fn command(
        &mut self,
        action: ActionId,
        command: CommandId,
    ) -> Option<&mut RunningCommand> {
        self.doing(action)?.commands.get_mut(&command)
    }

    /// Whose an action is, in words: "upload on web1".
    pub(super) fn label(&self, action: ActionId) -> Option<&str> {
        let id = self.actions.get(&action)?;
        Some(&self.works.get(id)?.label)
    }

    /// How many things run.
    pub(super) fn running(&self) -> usize {
        self.works.len()
    }

    /// How many of those are tasks.
    pub(super) fn tasks_running(&self) -> u64 {
        self.tasks.len() as u64
    }

    /// The `most` things that have run for longest, in the order of their sites.
    pub(super) fn longest(&self, most: usize) -> Vec<&RunningWork> {
        let mut works: Vec<(&u64, &RunningWork)> = self.works.iter().collect();
        works.sort_by_key(|(id, work)| (work.began, work.place, **id));
        works.truncate(most);
        works.sort_by_key(|(id, work)| (work.place, **id));
        works.into_iter().map(|(_, work)| work).collect()
    }

    /// How many tasks went wrong.
    pub(super) fn failed(&self) -> u32 {
        self.stats.failed + self.stats.unreachable
    }
}
