//! Which event is shown how.

use super::super::detail::Detail;
use super::super::failures::render_fault;
use super::super::layout::Said;
use super::super::summary::{duration, summary};
use super::Plain;
use crate::event::{Event, EventKind, Reporter, Stats};
use crate::text::safe;

impl Reporter for Plain {
    fn report(&mut self, event: &Event) {
        self.roster.note(&event.kind);
        if let Some(again) = &mut self.again {
            again.note(&self.roster, &event.kind);
        }
        if let EventKind::RunEnded { stats } = &event.kind {
            self.layout.event(&mut self.screen, &self.roster, event);
            self.end_run(stats, event.time);
        } else {
            self.narrate(event);
            self.layout.event(&mut self.screen, &self.roster, event);
        }
        self.roster.forget(&event.kind);
        self.screen.flush();
    }
}

impl Plain {
    /// Tells what an event says.
    fn narrate(&mut self, event: &Event) {
        match &event.kind {
            EventKind::RunBegan { batch, .. } => {
                self.batch = batch.to_string();
                self.began = event.time;
                if self.is_verbose() {
                    let text = self.palette().faint(format_args!("run {batch}"));
                    self.say(&format!("{text}\n"));
                }
            }
            EventKind::StageBegan {
                stage,
                name,
                mode,
                tasks,
                jobs,
                arguments,
                ..
            } => {
                if !self.roster.view(*stage).is_some_and(|view| view.log) {
                } else if self.is_verbose() {
                    self.tell_stage(*stage, name.as_deref(), *mode, *tasks);
                    self.tell_arguments(jobs, arguments);
                } else if let Some(name) = name {
                    let title = self.palette().strong(safe(name.as_bytes()));
                    self.say(&format!("{title}\n"));
                }
            }
            EventKind::ActionStarted {
                stage,
                action,
                attempt,
                ..
            } => {
                let mut id = format!("{}-{stage}-{action}", self.batch);
                if *attempt > 1 {
                    id.push_str(&format!(".{attempt}"));
                }
                self.tell_detail(*action, |running| format!("begins {} ({id})", running.name));
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
                code,
                duration,
                left_behind,
            } => {
                self.transfers.remove(&(*action, *command));
                self.end_command((*action, *command), (*code, *duration), *left_behind);
            }
            EventKind::Report { action, text } => {
                if let Some(site) = self
                    .roster
                    .shown_site(*action, |view| view.report || view.log)
                {
                    self.tell(self.roster.of(*action, 0), &site, Said::Report, text);
                }
            }
            EventKind::Debug { action, text } => {
                if let Some(site) = self.roster.shown_site(*action, |view| view.debug) {
                    self.tell(self.roster.of(*action, 0), &site, Said::Debug, text);
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
            EventKind::ActionFinished {
                action,
                faults,
                duration,
                ..
            } => self.finish_action(*action, faults, Some(*duration)),
            EventKind::GateBegan {
                action,
                pause,
                check,
                ..
            } => {
                self.begin_gate(*action, *pause, check.as_deref());
            }
            EventKind::ActionGivenUp { action, faults }
            | EventKind::GateEnded { action, faults, .. } => {
                self.finish_action(*action, faults, None);
            }
            EventKind::BackgroundStarted { action, name, .. } => {
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
                self.finish_action(*action, faults, None);
            }
            EventKind::BackgroundAwaited { running, grace } => {
                if self.roster.detail == Detail::Quiet {
                    return;
                }
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
                    self.palette().warning("deadlock:")
                );
                self.say(&line);
            }
            EventKind::StageSkipped {
                stage,
                name,
                condition,
            } => {
                if self.roster.detail == Detail::Quiet {
                    return;
                }
                let name = name
                    .as_ref()
                    .map(|name| format!(" `{name}`"))
                    .unwrap_or_default();
                let line = format!("stage {stage}{name} is not run (it runs {condition})\n");
                let line = self.palette().faint(safe(line.trim_end().as_bytes()));
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
                task,
                job,
                site,
                reason,
            } => self.skip_task((*stage, *task), (*job, *site), *reason),
            EventKind::StageRefused { stage, fault } => {
                let head = format!(
                    "{} stage {stage} cannot begin",
                    self.palette().error("error:")
                );
                self.say(&format!("{head}\n{}", render_fault(fault, self.palette())));
            }
            EventKind::ScheduleFailed { fault } => {
                let place = fault
                    .at
                    .as_ref()
                    .map(|at| format!(" ({at})"))
                    .unwrap_or_default();
                let head = format!(
                    "{} the schedule failed{}",
                    self.palette().error("error:"),
                    self.palette().faint(place)
                );
                self.say(&format!("{head}\n{}", render_fault(fault, self.palette())));
            }
            EventKind::CancelBegan {
                reason,
                running,
                grace,
            } => self.begin_cancel(*reason, *running, *grace),
            _ => {}
        }
    }

    /// All that failed, what the run came to, and how to try again what it did not reach.
    fn end_run(&mut self, stats: &Stats, time: i64) {
        // Failures that the schedule allowed are no news to who wants none.
        if self.roster.detail == Detail::Quiet && stats.is_ok() {
            return;
        }
        let palette = self.palette();
        let mut text = self.failures.render(palette);
        if !text.is_empty() {
            text.push('\n');
        }
        let (sites, took) = (self.roster.site_count(), time - self.began);
        text.push_str(&summary(stats, sites, took, &self.batch, palette));
        text.push('\n');
        if let Some(again) = &self.again
            && let Some(command) = again.command(stats)
        {
            text.push_str(&format!("{} {command}\n", palette.strong("try again:")));
        }
        // What is between it and what was before.
        let text = match text.strip_prefix('\n') {
            Some(rest) if !self.screen.is_used() => rest,
            _ => &text,
        };
        self.say(text);
    }
}
