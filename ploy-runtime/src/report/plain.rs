use std::collections::{BTreeSet, HashMap};
use std::io::Write;

use unicode_width::UnicodeWidthStr;

use super::lines::Lines;
use super::safe;
use super::style::Palette;
use super::summary::{FailedAction, Failures, count, duration, render_fault};
use crate::error::Kind;
use crate::event::{
    CancelReason, Event, EventKind, Reporter, SkipReason, Stream, TaskResult, View,
};

/// The widest column for names of sites: longer names stick out.
const WIDEST: usize = 24;

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
    stages: HashMap<u32, Stage>,
    actions: HashMap<u32, Action>,
    lines: Lines,
    width: usize,
    colors: HashMap<String, usize>,
    sites: BTreeSet<String>,
    failures: Failures,
    batch: String,
    began: i64,
}

struct Stage {
    jobs: Vec<String>,
    sites: Vec<String>,
    view: View,
    tasks: HashMap<u32, (u32, u32)>,
}

struct Action {
    stage: u32,
    site: String,
    job: String,
    name: String,
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
            stages: HashMap::new(),
            actions: HashMap::new(),
            lines: Lines::default(),
            width: 0,
            colors: HashMap::new(),
            sites: BTreeSet::new(),
            failures: Failures::default(),
            batch: String::new(),
            began: 0,
        }
    }

    fn prefix(&self, palette: Palette, site: &str) -> String {
        let padding = " ".repeat(self.width.saturating_sub(site.width()));
        palette.site(
            self.colors.get(site).copied().unwrap_or(0),
            format_args!("{site}{padding}"),
        )
    }

    fn tell(&mut self, site: &str, mark: &str, text: &str) {
        let prefix = self.prefix(self.palette, site);
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

    fn view(&self, stage: u32) -> Option<View> {
        self.stages.get(&stage).map(|stage| stage.view)
    }

    fn begin_stage(
        &mut self,
        stage: u32,
        name: Option<&str>,
        jobs: &[String],
        sites: &[String],
        view: View,
    ) {
        for site in sites {
            self.width = self.width.max(site.width().min(WIDEST));
            let next = self.colors.len();
            self.colors.entry(site.clone()).or_insert(next);
        }
        self.sites.extend(sites.iter().cloned());
        if let Some(name) = name
            && view.log
        {
            let title = self
                .palette
                .strong(format_args!("{}\n", safe(name.as_bytes())));
            self.say(&title);
        }
        self.stages.insert(
            stage,
            Stage {
                jobs: jobs.to_vec(),
                sites: sites.to_vec(),
                view,
                tasks: HashMap::new(),
            },
        );
    }

    /// The names of a task's job and site.
    fn task(&self, stage: u32, task: u32) -> Option<(String, String)> {
        let stage = self.stages.get(&stage)?;
        let (job, site) = stage.tasks.get(&task)?;
        Some((
            stage.jobs.get(*job as usize)?.clone(),
            stage.sites.get(*site as usize)?.clone(),
        ))
    }

    fn output(&mut self, action: u32, command: u32, stream: Stream, bytes: &[u8]) {
        let Some(site) = self.shown_site(action) else {
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
        let Some(site) = self.shown_site(action) else {
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

    /// The site of an action whose output is to be shown.
    fn shown_site(&self, action: u32) -> Option<String> {
        let action = self.actions.get(&action)?;
        self.view(action.stage)?.log.then(|| action.site.clone())
    }

    fn finish_action(&mut self, action: u32, faults: &[crate::event::Fault]) {
        let Some(Action {
            stage,
            site,
            job,
            name,
        }) = self.actions.remove(&action)
        else {
            return;
        };
        let shows = self.view(stage).is_none_or(|view| view.log || !view.quiet);
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
        let Some((job, site)) = self.task(stage, task) else {
            return;
        };
        let Some(view) = self.view(stage) else { return };
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
        let prefix = self.prefix(self.palette, &site);
        self.say(&format!("{prefix} {mark} {text}\n"));
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
            prefix: plain.prefix(palette, site),
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
                view,
                ..
            } => {
                self.begin_stage(*stage, name.as_deref(), jobs, sites, *view);
            }
            EventKind::TaskStarted {
                stage,
                task,
                job,
                site,
            } => {
                if let Some(stage) = self.stages.get_mut(stage) {
                    stage.tasks.insert(*task, (*job, *site));
                }
            }
            EventKind::ActionStarted {
                stage,
                task,
                action,
                name,
                ..
            } => {
                if let Some((job, site)) = self.task(*stage, *task) {
                    self.actions.insert(
                        *action,
                        Action {
                            stage: *stage,
                            site,
                            job,
                            name: name.clone(),
                        },
                    );
                }
            }
            EventKind::CommandStarted {
                action,
                script,
                local,
                ..
            } => {
                if let Some(site) = self.shown_site(*action) {
                    let mark = self.palette.faint("$");
                    // An action's local command is told apart only where its site is another machine.
                    let _ = local;
                    self.tell(&site, &mark, script);
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
                if *left_behind && let Some(site) = self.shown_site(*action) {
                    let mark = self.palette.warning("-");
                    self.tell(
                        &site,
                        &mark,
                        "ended what the command left running in the background",
                    );
                }
            }
            EventKind::Report { action, text } => {
                if let Some(Action { stage, site, .. }) = self.actions.get(action)
                    && self
                        .view(*stage)
                        .is_some_and(|view| view.report || view.log)
                {
                    self.tell(&site.clone(), &self.palette.strong(">"), text);
                }
            }
            EventKind::Debug { action, text } => {
                if let Some(Action { stage, site, .. }) = self.actions.get(action)
                    && self.view(*stage).is_some_and(|view| view.debug)
                {
                    self.tell(&site.clone(), "?", text);
                }
            }
            EventKind::ActionFinished { action, faults, .. } => self.finish_action(*action, faults),
            EventKind::TaskFinished {
                stage,
                task,
                result,
                duration,
            } => {
                self.finish_task(*stage, *task, *result, *duration);
                if let Some(stage) = self.stages.get_mut(stage) {
                    stage.tasks.remove(task);
                }
            }
            EventKind::TaskSkipped {
                stage,
                job,
                site,
                reason,
                ..
            } => {
                if let Some(stage) = self.stages.get(stage)
                    && (stage.view.log || !stage.view.quiet)
                    && let (Some(job), Some(site)) = (
                        stage.jobs.get(*job as usize),
                        stage.sites.get(*site as usize),
                    )
                {
                    let why = match reason {
                        SkipReason::Blocked => "because of the failure before it",
                        SkipReason::Cancelled => "because the run is cancelled",
                    };
                    let (site, text) = (site.clone(), format!("{job} was not started, {why}"));
                    self.tell(&site, &self.palette.warning("-"), &text);
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
            EventKind::StageEnded { stage, .. } => {
                self.stages
                    .get_mut(stage)
                    .map(|stage| stage.tasks.clear())
                    .unwrap_or_default();
            }
            EventKind::FailureAllowed { .. } => {}
            EventKind::RunEnded { stats } => {
                let failures = self.failures.render(self.palette);
                let gap = if failures.is_empty() { "" } else { "\n" };
                let duration = event.time - self.began;
                let summary =
                    Failures::summary(stats, self.sites.len(), duration, &self.batch, self.palette);
                self.say(&format!("{failures}{gap}{summary}\n"));
            }
        }
    }
}
