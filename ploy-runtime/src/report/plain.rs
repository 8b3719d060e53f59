use std::io::Write;

use super::lines::Lines;
use super::roster::{Roster, RunningAction};
use super::safe;
use super::style::Palette;
use super::summary::{FailedAction, Failures, count, duration, render_fault};
use crate::error::Kind;
use crate::event::{CancelReason, Event, EventKind, Reporter, SkipReason, Stream, TaskResult};

/// Shows a run to people: each line with the name of its site before it, failures last, then one line that sums up.
///
/// What commands put out goes to one writer, everything else to the other; a program gives its standard output and
/// standard error. Marks after the name tell lines apart: `$` a command, `|` its output, `!` its standard error,
/// `>` a report, `?` a debug line, `=` a task that ended, `x` one that failed, `-` one that was not started.
pub struct Plain {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    out_palette: Palette,
    palette: Palette,
    lines: Lines,
    roster: Roster,
    failures: Failures,
    batch: String,
    began: i64,
}

impl Plain {
    /// Shows output on `out` and all else on `err`, with these colours.
    pub fn new(
        out: impl Write + Send + 'static,
        out_palette: Palette,
        err: impl Write + Send + 'static,
        palette: Palette,
    ) -> Self {
        Plain {
            out: Box::new(out),
            err: Box::new(err),
            out_palette,
            palette,
            lines: Lines::default(),
            roster: Roster::default(),
            failures: Failures::default(),
            batch: String::new(),
            began: 0,
        }
    }

    fn tell(&mut self, site: &str, mark: &str, text: &str) {
        let prefix = self.roster.prefix(self.palette, site);
        let mut shown = String::new();
        for line in text.lines() {
            shown.push_str(&format!("{prefix} {mark} {}\n", safe(line.as_bytes())));
        }
        self.say(&shown);
    }

    /// A reader that went away (a closed pipe) is no reason to end a deployment.
    fn say(&mut self, text: &str) {
        let _ = self
            .err
            .write_all(text.as_bytes())
            .and_then(|()| self.err.flush());
    }

    fn output(&mut self, action: u32, command: u32, stream: Stream, bytes: &[u8]) {
        let Some(site) = self.roster.shown_site(action, |view| view.log) else {
            return;
        };
        let mut lines = std::mem::take(&mut self.lines);
        let mut shown = Shown::new(self, &site);
        lines.push(action, command, stream, bytes, |line| {
            shown.line(stream, line);
        });
        let Shown { text, .. } = shown;
        self.lines = lines;
        self.put(&text);
    }

    fn end_command(&mut self, action: u32, command: u32) {
        let Some(site) = self.roster.shown_site(action, |view| view.log) else {
            return;
        };
        let mut lines = std::mem::take(&mut self.lines);
        let mut shown = Shown::new(self, &site);
        lines.finish(action, command, |stream, line| shown.line(stream, line));
        let Shown { text, .. } = shown;
        self.lines = lines;
        self.put(&text);
    }

    fn put(&mut self, text: &str) {
        if !text.is_empty() {
            let _ = self
                .out
                .write_all(text.as_bytes())
                .and_then(|()| self.out.flush());
        }
    }

    fn finish_action(&mut self, action: u32, faults: &[crate::event::Fault]) {
        let Some(RunningAction {
            stage,
            site,
            job,
            name,
        }) = self.roster.end_action(action)
        else {
            return;
        };
        let shows = self
            .roster
            .view(stage)
            .is_none_or(|view| view.log || !view.quiet);
        for fault in faults.iter().filter(|fault| fault.kind != Kind::Cancelled) {
            let failed = FailedAction {
                job: job.clone(),
                site: site.clone(),
                action: name.clone(),
                fault: fault.clone(),
            };
            if shows {
                self.failures.actions.push(failed);
            }
        }
    }

    fn finish_task(&mut self, stage: u32, task: u32, result: TaskResult, duration: u64) {
        let Some((job, site)) = self.roster.end_task(stage, task) else {
            return;
        };
        let Some(view) = self.roster.view(stage) else {
            return;
        };
        let time = self
            .palette
            .faint(format_args!("({})", super::summary::duration(duration)));
        let (mark, text) = match result {
            TaskResult::Succeeded if view.log => (self.palette.good("="), format!("{job} {time}")),
            TaskResult::Succeeded => return,
            _ if view.quiet && !view.log => return,
            TaskResult::Failed => (self.palette.error("x"), format!("{job} failed {time}")),
            TaskResult::Unreachable => (
                self.palette.error("x"),
                format!("{job}: the site is unreachable {time}"),
            ),
            TaskResult::Cancelled => (
                self.palette.warning("-"),
                format!("{job} was cancelled {time}"),
            ),
        };
        // The text holds our own colours: it is made of names that are safe.
        let prefix = self.roster.prefix(self.palette, &site);
        self.say(&format!("{prefix} {mark} {text}\n"));
    }

    fn begin_gate(&mut self, stage: u32, group: u32, action: u32, pause: u64, check: Option<&str>) {
        self.roster
            .begin_gate(stage, action, group, check.unwrap_or("pause"));
        let what = match (pause, check) {
            (0, Some(check)) => format!("checks `{check}`"),
            (pause, Some(check)) => {
                format!("pauses for {}, then checks `{check}`", duration(pause))
            }
            (pause, None) => format!("pauses for {}", duration(pause)),
        };
        self.remark(action, |view| view.log, &what);
    }

    fn tell_retry(&mut self, action: u32, faults: &[crate::event::Fault], pause: u64) {
        let Some(name) = self.roster.action(action).map(|action| action.name.clone()) else {
            return;
        };
        let why = faults
            .first()
            .map(|fault| format!(": {fault}"))
            .unwrap_or_default();
        let text = format!(
            "{name} failed, and is tried again in {}{why}",
            duration(pause)
        );
        self.remark(action, |view| view.log || !view.quiet, &text);
    }

    /// A line about an action, if its stage shows such lines.
    fn remark(&mut self, action: u32, shows: impl FnOnce(crate::event::View) -> bool, text: &str) {
        if let Some(site) = self.roster.shown_site(action, shows) {
            self.tell(&site, &self.palette.warning("-"), text);
        }
    }

    fn begin_cancel(&mut self, reason: CancelReason, running: u32, grace: u64) {
        let what = match reason {
            CancelReason::Asked => "cancelled",
            CancelReason::Terminate => "terminated",
            CancelReason::Interrupt => "interrupted",
            CancelReason::Second => "interrupted again",
        };
        let rest = match (reason, running) {
            (_, 0) => "nothing more is started".to_owned(),
            (CancelReason::Second, running) => {
                format!("killing {}", count(running as usize, "running action"))
            }
            (_, running) => format!(
                "waiting up to {} for {}; once more to kill what still runs",
                duration(grace),
                count(running as usize, "running action"),
            ),
        };
        let line = format!("{} {rest}\n", self.palette.warning(format_args!("{what}:")));
        self.say(&line);
    }
}

/// Lines of output on their way out.
struct Shown {
    text: String,
    prefix: String,
    marks: [String; 2],
}

impl Shown {
    fn new(plain: &Plain, site: &str) -> Self {
        let palette = plain.out_palette;
        Shown {
            text: String::new(),
            prefix: plain.roster.prefix(palette, site),
            marks: [palette.faint("|"), palette.warning("!")],
        }
    }

    fn line(&mut self, stream: Stream, line: &[u8]) {
        let mark = &self.marks[usize::from(stream == Stream::Stderr)];
        self.text
            .push_str(&format!("{} {mark} {}\n", self.prefix, safe(line)));
    }
}

impl Reporter for Plain {
    fn report(&mut self, event: &Event) {
        match &event.kind {
            EventKind::RunBegan { batch } => {
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
            EventKind::CommandStarted { action, script, .. } => {
                if let Some(site) = self.roster.shown_site(*action, |view| view.log) {
                    self.tell(&site, &self.palette.faint("$"), script);
                }
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
                self.end_command(*action, *command);
                if *left_behind && let Some(site) = self.roster.shown_site(*action, |view| view.log)
                {
                    let mark = self.palette.warning("-");
                    self.tell(
                        &site,
                        &mark,
                        "ended what the command left running in the background",
                    );
                }
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
