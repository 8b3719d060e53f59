//! Which event is shown how.

use super::super::safe;
use super::super::summary::{Failures, duration, render_fault};
use super::Plain;
use crate::event::{Event, EventKind, Reporter, SkipReason};

impl Reporter for Plain {
    fn report(&mut self, event: &Event) {
        match &event.kind {
            EventKind::RunBegan { batch, .. } => {
                self.batch = batch.to_string();
                self.began = event.time;
            }
            EventKind::StageBegan {
                stage,
                name,
                jobs,
                sites,
                groups,
                view,
                ..
            } => {
                self.roster
                    .begin_stage(*stage, jobs, sites, groups.len(), *view);
                if let Some(name) = name
                    && view.log
                {
                    let title = self.palette.strong(safe(name.as_bytes()));
                    self.say(&format!("{title}\n"));
                }
            }
            EventKind::TaskStarted {
                stage,
                task,
                job,
                site,
            } => self.roster.begin_task(*stage, *task, *job, *site),
            EventKind::ActionStarted {
                stage,
                task,
                action,
                name,
                ..
            } => {
                self.roster.begin_action(*stage, *task, *action, name);
            }
            EventKind::CommandStarted {
                action,
                command,
                script,
                show,
                ..
            } => self.begin_command(*action, *command, script, *show),
            EventKind::StillWaiting {
                action,
                command,
                what,
                silent,
            } => self.tell_silence(*action, *command, what, *silent),
            EventKind::Transferred {
                action,
                command,
                bytes,
                files,
                percent,
            } => {
                let moved = (*bytes, *files, *percent);
                self.transferred((*action, *command), event.time, moved);
            }
            EventKind::Output {
                action,
                command,
                stream,
                bytes,
            } => self.output(*action, *command, *stream, bytes),
            EventKind::CommandFinished {
                action,
                command,
                left_behind,
                ..
            } => {
                self.transfers.remove(&(*action, *command));
                self.end_command(*action, *command, *left_behind);
            }
            EventKind::Report { action, text } => {
                if let Some(site) = self
                    .roster
                    .shown_site(*action, |view| view.report || view.log)
                {
                    self.tell(&site, &self.palette.strong(">"), text);
                }
            }
            EventKind::Debug { action, text } => {
                if let Some(site) = self.roster.shown_site(*action, |view| view.debug) {
                    self.tell(&site, "?", text);
                }
            }
            EventKind::ActionFinished {
                action,
                faults,
                retry: Some(pause),
                ..
            } => {
                self.tell_retry(*action, faults, *pause);
            }
            EventKind::ActionFinished { action, faults, .. }
            | EventKind::ActionGivenUp { action, faults } => self.finish_action(*action, faults),
            EventKind::GateBegan {
                stage,
                group,
                action,
                pause,
                check,
            } => {
                self.begin_gate(*stage, *group, *action, *pause, check.as_deref());
            }
            EventKind::GateEnded { action, faults, .. } => self.finish_action(*action, faults),
            EventKind::BackgroundStarted {
                stage,
                job,
                site,
                action,
                name,
                ..
            } => {
                self.roster
                    .begin_background(*stage, (*job, *site), *action, name);
                self.remark(
                    *action,
                    |view| view.log,
                    &format!("{name} goes on in the background"),
                );
            }
            EventKind::BackgroundFinished { action, faults, .. } => {
                if faults.is_empty()
                    && let Some(name) = self
                        .roster
                        .action(*action)
                        .map(|action| action.name.clone())
                {
                    self.remark(
                        *action,
                        |view| view.log,
                        &format!("{name} has ended in the background"),
                    );
                }
                self.finish_action(*action, faults);
            }
            EventKind::BackgroundAwaited { running, grace } => {
                let line = format!(
                    "waiting up to {} for what goes on in the background ({running} left)\n",
                    duration(*grace)
                );
                self.say(&line);
            }
            EventKind::Waiting {
                action,
                what,
                holder,
            } => {
                let holder = holder
                    .as_ref()
                    .map(|holder| format!(", which {holder} has"))
                    .unwrap_or_default();
                self.remark(
                    *action,
                    |view| view.debug,
                    &format!("waits for {what}{holder}"),
                );
            }
            EventKind::Resumed { action } => self.remark(*action, |view| view.debug, "goes on"),
            EventKind::TimedOut { action, limit } => {
                if let Some(name) = self
                    .roster
                    .action(*action)
                    .map(|action| action.name.clone())
                {
                    let text = format!(
                        "{name} has run for {}, and is told to end",
                        duration(*limit)
                    );
                    self.remark(*action, |view| view.log || !view.quiet, &text);
                }
            }
            EventKind::Deadlocked { .. } => {
                let line = format!(
                    "{} all that runs waits for each other, and nothing else can start\n",
                    self.palette.warning("deadlock:")
                );
                self.say(&line);
            }
            EventKind::StageSkipped {
                stage,
                name,
                condition,
            } => {
                let name = name
                    .as_ref()
                    .map(|name| format!(" `{name}`"))
                    .unwrap_or_default();
                let line = format!("stage {stage}{name} is not run (it runs {condition})\n");
                let line = self.palette.faint(safe(line.trim_end().as_bytes()));
                self.say(&format!("{line}\n"));
            }
            EventKind::TaskFinished {
                stage,
                task,
                result,
                duration,
            } => {
                self.finish_task(*stage, *task, *result, *duration);
            }
            EventKind::TaskSkipped {
                stage,
                job,
                site,
                reason,
                ..
            } => {
                if self
                    .roster
                    .view(*stage)
                    .is_some_and(|view| view.log || !view.quiet)
                    && let Some((job, site)) = self.roster.names(*stage, *job, *site)
                {
                    let why = match reason {
                        SkipReason::Blocked => "because of the failure before it",
                        SkipReason::Budget => "because too much has failed",
                        SkipReason::Gate => "because the check before it failed",
                        SkipReason::Cancelled => "because the run is cancelled",
                    };
                    self.tell(
                        &site,
                        &self.palette.warning("-"),
                        &format!("{job} was not started, {why}"),
                    );
                }
            }
            EventKind::StageRefused { stage, fault } => {
                let head = format!(
                    "{} stage {stage} cannot begin",
                    self.palette.error("error:")
                );
                self.say(&format!("{head}\n{}", render_fault(fault, self.palette)));
            }
            EventKind::ScheduleFailed { fault } => {
                let place = fault
                    .at
                    .as_ref()
                    .map(|at| format!(" ({at})"))
                    .unwrap_or_default();
                let head = format!(
                    "{} the schedule failed{}",
                    self.palette.error("error:"),
                    self.palette.faint(place)
                );
                self.say(&format!("{head}\n{}", render_fault(fault, self.palette)));
            }
            EventKind::CancelBegan {
                reason,
                running,
                grace,
            } => self.begin_cancel(*reason, *running, *grace),
            EventKind::StageEnded { .. } | EventKind::FailureAllowed { .. } => {}
            EventKind::RunEnded { stats } => {
                let failures = self.failures.render(self.palette);
                let gap = if failures.is_empty() { "" } else { "\n" };
                let duration = event.time - self.began;
                let summary = Failures::summary(
                    stats,
                    self.roster.site_count(),
                    duration,
                    &self.batch,
                    self.palette,
                );
                self.say(&format!("{failures}{gap}{summary}\n"));
            }
        }
    }
}
