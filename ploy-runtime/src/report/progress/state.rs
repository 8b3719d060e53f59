use std::collections::{BTreeMap, HashMap};

use unicode_width::UnicodeWidthStr;

use super::super::plain::size;
use super::super::summary::{count, duration};
use super::doing::{Command, Doing};
use super::row::plain;
use super::work::Work;
use crate::event::{CancelReason, Event, EventKind, Stats, View};

/// What runs where and since when, and how much of the run is done: a fold over its events.
#[derive(Debug, Default)]
pub(super) struct State {
    stages: HashMap<u32, Stage>,
    /// The place of each site, in the order in which they were named first.
    places: HashMap<String, usize>,
    /// How wide the names of sites and of jobs are, so that columns stay where they are.
    pub(super) site_width: usize,
    pub(super) job_width: usize,
    works: BTreeMap<u64, Work>,
    next: u64,
    tasks: HashMap<(u32, u32), u64>,
    actions: HashMap<u32, u64>,
    pub(super) stats: Stats,
    /// How many tasks the stages have that have begun.
    pub(super) total: u64,
    /// How many of those have ended, or will not start.
    pub(super) done: u64,
    /// When the run began.
    pub(super) began: i64,
    /// Whether it has ended.
    pub(super) is_over: bool,
    /// Why it is cancelled, and when what still runs is killed.
    pub(super) cancel: Option<(CancelReason, i64)>,
}

#[derive(Debug)]
struct Stage {
    jobs: Vec<String>,
    sites: Vec<String>,
    groups: usize,
    view: View,
}

impl State {
    /// Takes an event in.
    pub(super) fn fold(&mut self, event: &Event) {
        self.stats.fold(&event.kind);
        let time = event.time;
        match &event.kind {
            EventKind::RunBegan { .. } => self.began = time,
            EventKind::RunEnded { .. } => self.is_over = true,
            EventKind::CancelBegan { reason, grace, .. } => {
                self.cancel = Some((*reason, time.saturating_add_unsigned(*grace)));
            }
            EventKind::TaskFinished { stage, task, .. } => {
                self.done += 1;
                if let Some(id) = self.tasks.remove(&(*stage, *task)) {
                    self.end(id);
                }
            }
            EventKind::TaskSkipped { .. } => self.done += 1,
            kind => self.fold_begin(kind, time),
        }
    }

    fn fold_begin(&mut self, kind: &EventKind, time: i64) {
        match kind {
            EventKind::StageBegan {
                stage,
                jobs,
                sites,
                tasks,
                groups,
                view,
                ..
            } => {
                self.total += u64::from(*tasks);
                for job in jobs {
                    self.job_width = self.job_width.max(job.width());
                }
                for site in sites {
                    self.site_width = self.site_width.max(site.width());
                    let next = self.places.len();
                    self.places.entry(site.clone()).or_insert(next);
                }
                let (jobs, sites) = (jobs.clone(), sites.clone());
                let (groups, view) = (groups.len(), *view);
                let stage_of = Stage {
                    jobs,
                    sites,
                    groups,
                    view,
                };
                self.stages.insert(*stage, stage_of);
            }
            EventKind::TaskStarted {
                stage,
                task,
                job,
                site,
            } => {
                if let Some(id) = self.begin(*stage, *job, *site, None, time) {
                    self.tasks.insert((*stage, *task), id);
                }
            }
            EventKind::BackgroundStarted {
                action,
                stage,
                job,
                site,
                name,
                ..
            } => {
                if let Some(id) = self.begin(*stage, *job, *site, Some(name), time) {
                    self.begin_action(*action, id);
                }
            }
            EventKind::GateBegan {
                stage,
                group,
                action,
                pause,
                check,
            } => self.begin_gate(*stage, *group, *action, *pause, check.as_deref(), time),
            EventKind::GateEnded { action, .. } | EventKind::BackgroundFinished { action, .. } => {
                if let Some(id) = self.actions.get(action) {
                    self.end(*id);
                }
            }
            kind => self.fold_action(kind, time),
        }
    }

    fn fold_action(&mut self, kind: &EventKind, time: i64) {
        match kind {
            EventKind::ActionStarted {
                stage,
                task,
                action,
                ..
            } => {
                if let Some(id) = self.tasks.get(&(*stage, *task)) {
                    self.begin_action(*action, *id);
                }
            }
            EventKind::ActionFinished {
                action,
                retry: Some(pause),
                ..
            } => {
                if let Some(doing) = self.doing(*action) {
                    doing.commands.clear();
                    doing.waits = Some(format!(
                        "failed, and is tried again in {}",
                        duration(*pause)
                    ));
                }
            }
            EventKind::ActionFinished { action, .. } | EventKind::ActionGivenUp { action, .. } => {
                self.end_action(*action);
            }
            EventKind::Waiting {
                action,
                what,
                holder,
            } => {
                let holder = holder
                    .as_ref()
                    .map(|holder| format!(", which {holder} has"));
                let text = format!("waits for {what}{}", holder.unwrap_or_default());
                self.wait(*action, Some(plain(text.as_bytes())));
            }
            EventKind::Resumed { action } => self.wait(*action, None),
            EventKind::TimedOut { action, limit } => {
                let text = format!("has run for {}, and is told to end", duration(*limit));
                self.wait(*action, Some(text));
            }
            // While its site is being connected to.
            EventKind::StillWaiting {
                action,
                command: 0,
                what,
                ..
            } => {
                let text = format!("still waiting for {what}");
                self.wait(*action, Some(plain(text.as_bytes())));
            }
            EventKind::Report { action, text } => {
                if let Some(doing) = self.doing(*action) {
                    doing.said = text.lines().last().map(|line| plain(line.as_bytes()));
                }
            }
            kind => self.fold_command(kind, time),
        }
    }

    fn fold_command(&mut self, kind: &EventKind, time: i64) {
        match kind {
            EventKind::CommandStarted {
                action,
                command,
                script,
                show,
                ..
            } => {
                if let Some(doing) = self.doing(*action) {
                    doing.waits = None;
                    let begun = Command::new(script, *show, time);
                    doing.commands.insert(*command, begun);
                }
            }
            EventKind::Output {
                action,
                command,
                stream,
                bytes,
            } => {
                if let Some(running) = self.command(*action, *command) {
                    running.push(*stream, bytes, time);
                }
            }
            EventKind::Transferred {
                action,
                command,
                bytes,
                files,
                percent,
            } => {
                if let Some(running) = self.command(*action, *command) {
                    let files = count(usize::try_from(*files).unwrap_or(usize::MAX), "file");
                    let text = format!("{percent} % ({}, {files})", size(*bytes));
                    running.moved(text, time);
                }
            }
            EventKind::CommandFinished {
                action, command, ..
            } => {
                if let Some(doing) = self.doing(*action) {
                    doing.commands.remove(command);
                }
            }
            _ => {}
        }
    }

    fn begin(
        &mut self,
        stage: u32,
        job: u32,
        site: u32,
        name: Option<&str>,
        time: i64,
    ) -> Option<u64> {
        let stage = self.stages.get(&stage)?;
        let job = stage.jobs.get(job as usize)?;
        let site = stage.sites.get(site as usize)?;
        let job = match name {
            Some(name) => format!("{job} ({name})"),
            None => job.clone(),
        };
        let work = Work {
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

    fn begin_gate(
        &mut self,
        stage: u32,
        group: u32,
        action: u32,
        pause: u64,
        check: Option<&str>,
        time: i64,
    ) {
        let Some(of) = self.stages.get(&stage) else {
            return;
        };
        let work = Work {
            site: format!("group {} of {}", group + 1, of.groups),
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
        if pause > 0 {
            self.wait(action, Some(format!("pauses for {}", duration(pause))));
        }
    }

    fn add(&mut self, work: Work) -> u64 {
        // Groups and work in the background have names of their own.
        self.site_width = self.site_width.max(work.site.width());
        self.job_width = self.job_width.max(work.job.width());
        self.next += 1;
        self.works.insert(self.next, work);
        self.next
    }

    fn end(&mut self, id: u64) {
        if let Some(work) = self.works.remove(&id) {
            for action in work.actions.keys() {
                self.actions.remove(action);
            }
        }
    }

    /// A further try begins anew.
    fn begin_action(&mut self, action: u32, id: u64) {
        self.actions.insert(action, id);
        if let Some(work) = self.works.get_mut(&id) {
            work.actions.insert(action, Doing::default());
        }
    }

    fn end_action(&mut self, action: u32) {
        if let Some(id) = self.actions.remove(&action)
            && let Some(work) = self.works.get_mut(&id)
        {
            work.actions.remove(&action);
        }
    }

    fn wait(&mut self, action: u32, what: Option<String>) {
        if let Some(doing) = self.doing(action) {
            doing.waits = what;
        }
    }

    fn doing(&mut self, action: u32) -> Option<&mut Doing> {
        let id = self.actions.get(&action)?;
        self.works.get_mut(id)?.actions.get_mut(&action)
    }

    fn command(&mut self, action: u32, command: u32) -> Option<&mut Command> {
        self.doing(action)?.commands.get_mut(&command)
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
    pub(super) fn longest(&self, most: usize) -> Vec<&Work> {
        let mut works: Vec<(&u64, &Work)> = self.works.iter().collect();
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
