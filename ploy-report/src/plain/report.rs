//! Which event is shown how.

use super::super::detail::Detail;
use super::super::failures::render_fault;
use super::super::layout::Said;
use super::super::summary::{duration, summary};
use super::Plain;
use crate::event::{
    CommandKey, Event, EventKind, EventTime, JobOnSite, Reporter, Stats, TaskKey, View,
};
use crate::text::safe;

impl Reporter for Plain {
    fn report(&mut self, event: &Event) {
        self.roster.note(&event.kind);
        if let Some(again) = &mut self.again {
            again.note(&self.roster, &event.kind);
        }
        if let EventKind::RunFinished { stats } = &event.kind {
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
            EventKind::RunStarted { batch, .. } => {
                self.batch = batch.to_string();
                self.began = event.time;
                if self.is_verbose() {
                    let text = self.palette().faint(format_args!("run {batch}"));
                    self.say(&format!("{text}\n"));
                }
            }
            EventKind::StageStarted {
                stage,
                name,
                mode,
                task_count,
                jobs,
                arguments,
                ..
            } => {
                if !self.roster.view(*stage).is_some_and(|view| view.log) {
                } else if self.is_verbose() {
                    self.tell_stage(*stage, name.as_deref(), *mode, *task_count);
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
            } => {
                let (action, command) = (*action, *command);
                self.begin_command(CommandKey { action, command }, script, *show);
            }
            EventKind::StillWaiting {
                action,
                source,
                silent,
            } => self.tell_silence(*action, source, *silent),
            EventKind::TransferProgress {
                action,
                command,
                bytes,
                files,
                percent_done,
            } => {
                let (action, command) = (*action, *command);
                let moved = (*bytes, *files, *percent_done);
                self.transferred(CommandKey { action, command }, event.time, moved);
            }
            EventKind::Output {
                action,
                command,
                stream,
                bytes,
            } => {
                let (action, command) = (*action, *command);
                self.output(CommandKey { action, command }, *stream, bytes);
            }
            EventKind::CommandFinished {
                action,
                command,
                code,
                duration,
                has_leftovers,
            } => {
                let (action, command) = (*action, *command);
                let key = CommandKey { action, command };
                self.transfers.remove(&key);
                self.end_command(key, (*code, *duration), *has_leftovers);
            }
            EventKind::Report { action, text } => {
                let shows = |view: View| view.report || view.log;
                if let Some((of, site)) = self.roster.shown(*action, None, shows) {
                    self.tell(of, &site, Said::Report, text);
                }
            }
            EventKind::Debug { action, text } => {
                if let Some((of, site)) = self.roster.shown(*action, None, |view| view.debug) {
                    self.tell(of, &site, Said::Debug, text);
                }
            }
            EventKind::ActionFinished {
                action,
                errors,
                retry_in: Some(pause),
                ..
            } => {
                self.tell_retry(*action, errors, *pause);
            }
            EventKind::ActionFinished {
                action,
                errors,
                duration,
                ..
            } => self.finish_action(*action, errors, Some(*duration)),
            EventKind::GateStarted {
                action,
                pause,
                check,
                ..
            } => {
                self.begin_gate(*action, *pause, check.as_deref());
            }
            EventKind::RetryAbandoned { action, errors }
            | EventKind::GateFinished { action, errors, .. } => {
                self.finish_action(*action, errors, None);
            }
            EventKind::BackgroundStarted { action, name, .. } => {
                self.remark(
                    *action,
                    |view| view.log,
                    &format!("{name} goes on in the background"),
                );
            }
            EventKind::BackgroundFinished { action, errors, .. } => {
                if errors.is_empty()
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
                self.finish_action(*action, errors, None);
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
            EventKind::WaitStarted {
                action,
                target,
                holder,
            } => {
                let holder = holder
                    .and_then(|holder| self.roster.label(holder))
                    .map(|holder| format!(", which {holder} has"))
                    .unwrap_or_default();
                self.remark(
                    *action,
                    |view| view.debug,
                    &format!("waits for {target}{holder}"),
                );
            }
            EventKind::WaitFinished { action } => {
                self.remark(*action, |view| view.debug, "goes on")
            }
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
                reason,
            } => {
                if self.roster.detail == Detail::Quiet {
                    return;
                }
                let name = name
                    .as_ref()
                    .map(|name| format!(" `{name}`"))
                    .unwrap_or_default();
                let line = format!("stage {stage}{name} is not run (it runs {reason})\n");
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
            } => {
                let (stage, task, job, site) = (*stage, *task, *job, *site);
                self.skip_task(TaskKey { stage, task }, JobOnSite { job, site }, *reason);
            }
            EventKind::StageRefused { stage, error } => {
                let head = format!(
                    "{} stage {stage} cannot begin",
                    self.palette().error("error:")
                );
                self.say(&format!("{head}\n{}", render_fault(error, self.palette())));
            }
            EventKind::ScheduleFailed { error } => {
                let place = error
                    .location
                    .as_ref()
                    .map(|at| format!(" ({at})"))
                    .unwrap_or_default();
                let head = format!(
                    "{} the schedule failed{}",
                    self.palette().error("error:"),
                    self.palette().faint(place)
                );
                self.say(&format!("{head}\n{}", render_fault(error, self.palette())));
            }
            EventKind::CancelStarted {
                reason,
                running,
                grace,
            } => self.begin_cancel(*reason, *running, *grace),
            _ => {}
        }
    }

    /// All that failed, what the run came to, and how to try again what it did not reach.
    fn end_run(&mut self, stats: &Stats, time: EventTime) {
        // Failures that the schedule allowed are no news to who wants none.
        if self.roster.detail == Detail::Quiet && stats.is_ok() {
            return;
        }
        let palette = self.palette();
        let mut text = self.failures.render(palette);
        if !text.is_empty() {
            text.push('\n');
        }
        let (sites, took) = (self.roster.site_count(), time.since(self.began));
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
