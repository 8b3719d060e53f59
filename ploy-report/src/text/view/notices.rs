//! Lines about what begins and ends.

use std::collections::BTreeMap;
use std::time::Duration;

use super::TextView;
use crate::quantities::{count, duration};
use crate::run_index::RunningAction;
use crate::text::failures::FailedAction;
use crate::text::line_owner::LineOwner;
use crate::text::report_line::LineKind;
use ploy_core::catalogue::Mode;
use ploy_core::error::Kind;
use ploy_core::event::{
    ActionId, CancelReason, ErrorReport, JobOnSite, SkipReason, StageId, StageView, TaskId,
    TaskKey, TaskResult,
};
use ploy_core::text::safe;

impl TextView {
    /// Tells what each job is given for its parameters, where it has any.
    pub(crate) fn write_arguments(
        &mut self,
        jobs: &[String],
        arguments: &[BTreeMap<String, Vec<String>>],
    ) {
        let given = jobs.iter().zip(arguments);
        for (job, given) in given.filter(|(_, given)| !given.is_empty()) {
            let words = given
                .iter()
                .map(|(name, values)| format!("{name}={}", values.join(",")));
            let line = format!("{job}: {}", words.collect::<Vec<_>>().join(" "));
            let line = self.palette().faint(safe(line.as_bytes()));
            self.write_notice(&format!("{line}\n"));
        }
    }

    /// The particulars of a stage.
    pub(crate) fn write_stage(
        &mut self,
        stage: StageId,
        name: Option<&str>,
        mode: Mode,
        tasks: u32,
    ) {
        let name = name.map(|name| format!(" `{name}`")).unwrap_or_default();
        let jobs = self.context.run.jobs(stage).join(", ");
        let sites = count(self.context.run.sites(stage).len(), "site");
        let tasks = count(tasks as usize, "task");
        let text = format!(
            "stage {stage}{name}: {jobs} on {sites}, {tasks}, {} ({}-{stage})",
            mode.name(),
            self.batch
        );
        let text = self.palette().faint(safe(text.as_bytes()));
        self.write_notice(&format!("{text}\n"));
    }

    /// A particular of an action, if particulars are shown.
    pub(crate) fn add_detail(
        &mut self,
        action: ActionId,
        text: impl FnOnce(&RunningAction) -> String,
    ) {
        if self.is_verbose()
            && let Some(running) = self.context.run.action(action)
        {
            let text = text(running);
            if let Some((owner, site)) = self.context.shown(action, None, |view| view.log) {
                self.add_lines(owner, &site, LineKind::Detail, &text);
            }
        }
    }

    pub(crate) fn finish_action(
        &mut self,
        action: ActionId,
        errors: &[ErrorReport],
        took: Option<Duration>,
    ) {
        if let Some(took) = took {
            let time = duration(took);
            self.add_detail(action, |running| format!("ends {} ({time})", running.name));
        }
        let Some(RunningAction {
            stage,
            site,
            job,
            name,
            ..
        }) = self.context.run.action(action)
        else {
            return;
        };
        let shows = self
            .context
            .view(*stage)
            .is_none_or(|view| view.log || !view.quiet);
        for error in errors.iter().filter(|error| error.kind != Kind::Cancelled) {
            if shows {
                let failed = FailedAction {
                    job: job.clone(),
                    site: site.clone(),
                    action: name.clone(),
                    error: error.clone(),
                };
                self.failures.add(self.context.run.site_place(site), failed);
            }
        }
    }

    pub(crate) fn finish_task(
        &mut self,
        stage: StageId,
        task: TaskId,
        result: TaskResult,
        took: Duration,
    ) {
        let Some((job, site)) = self.context.run.task(stage, task) else {
            return;
        };
        let shows = self.context.view(stage).is_some_and(|view| match result {
            TaskResult::Succeeded => view.log,
            _ => view.log || !view.quiet,
        });
        if shows {
            let owner = LineOwner {
                stage,
                task: Some(task),
                action: None,
                command: None,
            };
            self.add_lines(owner, &site, LineKind::Ended(result, took), &job);
        }
    }

    pub(crate) fn skip_task(
        &mut self,
        TaskKey { stage, task }: TaskKey,
        job_on_site: JobOnSite,
        reason: SkipReason,
    ) {
        let shows = self
            .context
            .view(stage)
            .is_some_and(|view| view.log || !view.quiet);
        if shows && let Some((job, site)) = self.context.run.names(stage, job_on_site) {
            let owner = LineOwner {
                stage,
                task: Some(task),
                action: None,
                command: None,
            };
            let text = format!("{job} was not started, {}", reason.in_words());
            self.add_lines(owner, &site, LineKind::Skipped, &text);
        }
    }

    pub(crate) fn start_gate(&mut self, action: ActionId, pause: Duration, check: Option<&str>) {
        let what = match (pause, check) {
            (Duration::ZERO, Some(check)) => format!("checks `{check}`"),
            (pause, Some(check)) => {
                format!("pauses for {}, then checks `{check}`", duration(pause))
            }
            (pause, None) => format!("pauses for {}", duration(pause)),
        };
        self.add_remark(action, |view| view.log, &what);
    }

    pub(crate) fn add_retry(&mut self, action: ActionId, errors: &[ErrorReport], pause: Duration) {
        let Some(name) = self
            .context
            .run
            .action(action)
            .map(|action| action.name.clone())
        else {
            return;
        };
        let why = errors
            .first()
            .map(|error| format!(": {error}"))
            .unwrap_or_default();
        let text = format!(
            "{name} failed, and is tried again in {}{why}",
            duration(pause)
        );
        self.add_remark(action, |view| view.log || !view.quiet, &text);
    }

    /// A line about an action, if its stage shows such lines.
    pub(crate) fn add_remark(
        &mut self,
        action: ActionId,
        shows: impl FnOnce(StageView) -> bool,
        text: &str,
    ) {
        if let Some((owner, site)) = self.context.shown(action, None, shows) {
            self.add_lines(owner, &site, LineKind::Remark, text);
        }
    }

    pub(crate) fn write_cancel(&mut self, reason: CancelReason, running: u32, grace: Duration) {
        let what = reason.in_words();
        let rest = match (reason, running) {
            (_, 0) => "nothing more is started".to_owned(),
            (CancelReason::SecondSignal, running) => {
                format!("killing {}", count(running as usize, "running action"))
            }
            (_, running) => format!(
                "waiting up to {} for {}; once more to kill what still runs",
                duration(grace),
                count(running as usize, "running action"),
            ),
        };
        let line = format!(
            "{} {rest}\n",
            self.palette().warning(format_args!("{what}:"))
        );
        self.write_notice(&line);
    }
}
