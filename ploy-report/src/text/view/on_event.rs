//! Which event is shown how.

use super::TextView;
use crate::error_text::render_error;
use crate::quantities::duration;
use crate::text::detail::Detail;
use crate::text::report_line::LineKind;
use crate::text::summary::summary;
use ploy_core::event::{
    CommandKey, Event, EventKind, EventTime, JobOnSite, Reporter, StageView, Stats, TaskKey,
};
use ploy_core::text::safe;

impl Reporter for TextView {
    fn report(&mut self, event: &Event) {
        self.context.note(&event.kind);
        if let Some(retry) = &mut self.retry {
            retry.note(&self.context.run, &event.kind);
        }
        if let EventKind::RunFinished { stats } = &event.kind {
            self.layout
                .on_event(&mut self.console, &self.context, event);
            self.finish_run(stats, event.time);
        } else {
            self.add_event(event);
            self.layout
                .on_event(&mut self.console, &self.context, event);
        }
        self.context.run.forget(&event.kind);
        self.console.flush();
    }
}

impl TextView {
    /// Tells what an event says.
    fn add_event(&mut self, event: &Event) {
        match &event.kind {
            EventKind::RunStarted { batch, .. } => {
                self.batch = batch.to_string();
                self.began = event.time;
                if self.is_verbose() {
                    let text = self.palette().faint(format_args!("run {batch}"));
                    self.write_notice(&format!("{text}\n"));
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
                if !self.context.view(*stage).is_some_and(|view| view.log) {
                } else if self.is_verbose() {
                    self.write_stage(*stage, name.as_deref(), *mode, *task_count);
                    self.write_arguments(jobs, arguments);
                } else if let Some(name) = name {
                    let title = self.palette().strong(safe(name.as_bytes()));
                    self.write_notice(&format!("{title}\n"));
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
                self.add_detail(*action, |running| format!("begins {} ({id})", running.name));
            }
            EventKind::CommandStarted {
                action,
                command,
                script,
                show,
                ..
            } => {
                let (action, command) = (*action, *command);
                self.start_command(CommandKey { action, command }, script, *show);
            }
            EventKind::StillWaiting {
                action,
                source,
                silent,
            } => self.add_silence(*action, source, *silent),
            EventKind::TransferProgress {
                action,
                command,
                bytes,
                files,
                percent_done,
            } => {
                let (action, command) = (*action, *command);
                let moved = (*bytes, *files, *percent_done);
                self.add_transfer_progress(CommandKey { action, command }, event.time, moved);
            }
            EventKind::Output {
                action,
                command,
                stream,
                bytes,
            } => {
                let (action, command) = (*action, *command);
                self.add_output(CommandKey { action, command }, *stream, bytes);
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
                self.finish_command(key, (*code, *duration), *has_leftovers);
            }
            EventKind::Report { action, text } => {
                let shows = |view: StageView| view.report || view.log;
                if let Some((owner, site)) = self.context.shown(*action, None, shows) {
                    self.add_lines(owner, &site, LineKind::Report, text);
                }
            }
            EventKind::Debug { action, text } => {
                if let Some((owner, site)) = self.context.shown(*action, None, |view| view.debug) {
                    self.add_lines(owner, &site, LineKind::Debug, text);
                }
            }
            EventKind::ActionFinished {
                action,
                errors,
                retry_in: Some(pause),
                ..
            } => {
                self.add_retry(*action, errors, *pause);
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
                self.start_gate(*action, *pause, check.as_deref());
            }
            EventKind::RetryAbandoned { action, errors }
            | EventKind::GateFinished { action, errors, .. } => {
                self.finish_action(*action, errors, None);
            }
            EventKind::BackgroundStarted { action, name, .. } => {
                self.add_remark(
                    *action,
                    |view| view.log,
                    &format!("{name} goes on in the background"),
                );
            }
            EventKind::BackgroundFinished { action, errors, .. } => {
                if errors.is_empty()
                    && let Some(name) = self
                        .context
                        .run
                        .action(*action)
                        .map(|action| action.name.clone())
                {
                    self.add_remark(
                        *action,
                        |view| view.log,
                        &format!("{name} has ended in the background"),
                    );
                }
                self.finish_action(*action, errors, None);
            }
            EventKind::BackgroundAwaited { running, grace } => {
                if self.context.detail == Detail::Quiet {
                    return;
                }
                let line = format!(
                    "waiting up to {} for what goes on in the background ({running} left)\n",
                    duration(*grace)
                );
                self.write_notice(&line);
            }
            EventKind::WaitStarted {
                action,
                target,
                holder,
            } => {
                let holder = holder
                    .and_then(|holder| self.context.run.label(holder))
                    .map(|holder| format!(", which {holder} has"))
                    .unwrap_or_default();
                self.add_remark(
                    *action,
                    |view| view.debug,
                    &format!("waits for {target}{holder}"),
                );
            }
            EventKind::WaitFinished { action } => {
                self.add_remark(*action, |view| view.debug, "goes on");
            }
            EventKind::TimedOut { action, limit } => {
                if let Some(name) = self
                    .context
                    .run
                    .action(*action)
                    .map(|action| action.name.clone())
                {
                    let text = format!(
                        "{name} has run for {}, and is told to end",
                        duration(*limit)
                    );
                    self.add_remark(*action, |view| view.log || !view.quiet, &text);
                }
            }
            EventKind::Deadlocked { .. } => {
                let line = format!(
                    "{} all that runs waits for each other, and nothing else can start\n",
                    self.palette().warning("deadlock:")
                );
                self.write_notice(&line);
            }
            EventKind::StageSkipped {
                stage,
                name,
                reason,
            } => {
                if self.context.detail == Detail::Quiet {
                    return;
                }
                let name = name
                    .as_ref()
                    .map(|name| format!(" `{name}`"))
                    .unwrap_or_default();
                let line = format!("stage {stage}{name} is not run (it runs {reason})\n");
                let line = self.palette().faint(safe(line.trim_end().as_bytes()));
                self.write_notice(&format!("{line}\n"));
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
                self.write_notice(&format!("{head}\n{}", render_error(error, self.palette())));
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
                self.write_notice(&format!("{head}\n{}", render_error(error, self.palette())));
            }
            EventKind::CancelStarted {
                reason,
                running,
                grace,
            } => self.write_cancel(*reason, *running, *grace),
            _ => {}
        }
    }

    /// All that failed, what the run came to, and how to try again what it did not reach.
    fn finish_run(&mut self, stats: &Stats, time: EventTime) {
        // Failures that the schedule allowed are no news to who wants none.
        if self.context.detail == Detail::Quiet && stats.is_ok() {
            return;
        }
        let palette = self.palette();
        let mut text = self.failures.render(palette);
        if !text.is_empty() {
            text.push('\n');
        }
        let (sites, took) = (self.context.run.site_count(), time.since(self.began));
        text.push_str(&summary(stats, sites, took, &self.batch, palette));
        text.push('\n');
        if let Some(retry) = &self.retry
            && let Some(command) = retry.command(stats)
        {
            text.push_str(&format!("{} {command}\n", palette.strong("try again:")));
        }
        // What is between it and what was before.
        let text = match text.strip_prefix('\n') {
            Some(rest) if !self.console.is_used() => rest,
            _ => &text,
        };
        self.write_notice(text);
    }
}
