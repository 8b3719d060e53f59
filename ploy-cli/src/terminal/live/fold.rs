//! What each event changes of the state.

use unicode_width::UnicodeWidthStr;

use super::row::plain;
use super::run_state::{LiveStage, RunState};
use super::running_command::RunningCommand;
use ploy_core::event::{Event, EventKind, EventTime, JobOnSite, SilentSource, TaskKey};
use ploy_report::size;
use ploy_report::{count, duration};

impl RunState {
    /// Takes an event in.
    pub(super) fn fold(&mut self, event: &Event) {
        self.stats.fold(&event.kind);
        let time = event.time;
        match &event.kind {
            EventKind::RunStarted { .. } => self.began = time,
            EventKind::RunFinished { .. } => self.is_over = true,
            EventKind::CancelStarted { reason, grace, .. } => {
                self.cancel = Some((*reason, time + *grace));
            }
            EventKind::TaskFinished { stage, task, .. } => {
                self.done += 1;
                let (stage, task) = (*stage, *task);
                let key = TaskKey { stage, task };
                if let Some(id) = self.tasks.remove(&key) {
                    self.end(id);
                }
            }
            EventKind::TaskSkipped { .. } => self.done += 1,
            kind => self.fold_begin(kind, time),
        }
    }

    fn fold_begin(&mut self, kind: &EventKind, time: EventTime) {
        match kind {
            EventKind::StageStarted {
                stage,
                jobs,
                sites,
                task_count,
                group_sizes,
                view,
                ..
            } => {
                self.total += u64::from(*task_count);
                for job in jobs {
                    self.job_width = self.job_width.max(job.width());
                }
                for site in sites {
                    self.site_width = self.site_width.max(site.width());
                    let next = self.places.len();
                    self.places.entry(site.clone()).or_insert(next);
                }
                let (jobs, sites) = (jobs.clone(), sites.clone());
                let (groups, view) = (group_sizes.len(), *view);
                let stage_of = LiveStage {
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
                let (stage, task, job, site) = (*stage, *task, *job, *site);
                if let Some(id) = self.begin(stage, JobOnSite { job, site }, None, time) {
                    self.tasks.insert(TaskKey { stage, task }, id);
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
                let (job, site) = (*job, *site);
                if let Some(id) = self.begin(*stage, JobOnSite { job, site }, Some(name), time) {
                    self.begin_action(*action, id);
                }
            }
            EventKind::GateStarted {
                stage,
                group,
                action,
                pause,
                check,
            } => self.begin_gate(*stage, *group, *action, *pause, check.as_deref(), time),
            EventKind::GateFinished { action, .. }
            | EventKind::BackgroundFinished { action, .. } => {
                if let Some(id) = self.actions.get(action) {
                    self.end(*id);
                }
            }
            kind => self.fold_action(kind, time),
        }
    }

    fn fold_action(&mut self, kind: &EventKind, time: EventTime) {
        match kind {
            EventKind::ActionStarted {
                stage,
                task,
                action,
                ..
            } => {
                let (stage, task) = (*stage, *task);
                let key = TaskKey { stage, task };
                if let Some(id) = self.tasks.get(&key) {
                    self.begin_action(*action, *id);
                }
            }
            EventKind::ActionFinished {
                action,
                retry_in: Some(pause),
                ..
            } => {
                if let Some(doing) = self.doing(*action) {
                    doing.commands.clear();
                    doing.waits_for = Some(format!(
                        "failed, and is tried again in {}",
                        duration(*pause)
                    ));
                }
            }
            EventKind::ActionFinished { action, .. } | EventKind::RetryAbandoned { action, .. } => {
                self.end_action(*action);
            }
            EventKind::WaitStarted {
                action,
                target,
                holder,
            } => {
                let holder = holder
                    .and_then(|holder| self.label(holder))
                    .map(|holder| format!(", which {holder} has"));
                let text = format!("waits for {target}{}", holder.unwrap_or_default());
                self.wait(*action, Some(plain(text.as_bytes())));
            }
            EventKind::WaitFinished { action } => self.wait(*action, None),
            EventKind::TimedOut { action, limit } => {
                let text = format!("has run for {}, and is told to end", duration(*limit));
                self.wait(*action, Some(text));
            }
            // While its site is being connected to.
            EventKind::StillWaiting {
                action,
                source: source @ SilentSource::Connection { .. },
                ..
            } => {
                let text = format!("still waiting for {source}");
                self.wait(*action, Some(plain(text.as_bytes())));
            }
            EventKind::Report { action, text } => {
                if let Some(doing) = self.doing(*action) {
                    doing.last_report = text.lines().last().map(|line| plain(line.as_bytes()));
                }
            }
            kind => self.fold_command(kind, time),
        }
    }

    fn fold_command(&mut self, kind: &EventKind, time: EventTime) {
        match kind {
            EventKind::CommandStarted {
                action,
                command,
                script,
                show,
                ..
            } => {
                if let Some(doing) = self.doing(*action) {
                    doing.waits_for = None;
                    let begun = RunningCommand::new(script, *show, time);
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
            EventKind::TransferProgress {
                action,
                command,
                bytes,
                files,
                percent_done,
            } => {
                if let Some(running) = self.command(*action, *command) {
                    let files = count(usize::try_from(*files).unwrap_or(usize::MAX), "file");
                    let text = format!("{percent_done} % ({}, {files})", size(*bytes));
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
}
