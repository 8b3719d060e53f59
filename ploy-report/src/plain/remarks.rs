//! Lines about what begins and ends.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::failures::FailedAction;
use super::super::layout::Said;
use super::super::owner::LineOwner;
use super::super::roster::RunningAction;
use super::super::summary::{count, duration};
use super::Plain;
use crate::catalogue::Mode;
use crate::error::Kind;
use crate::event::{
    ActionId, CancelReason, ErrorReport, JobOnSite, SkipReason, StageId, TaskId, TaskKey,
    TaskResult, View,
};
use crate::text::safe;

impl Plain {
    /// Tells what each job is given for its parameters, where it has any.
    pub(super) fn tell_arguments(
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
            self.say(&format!("{line}\n"));
        }
    }

    /// The particulars of a stage.
    pub(super) fn tell_stage(
        &mut self,
        stage: StageId,
        name: Option<&str>,
        mode: Mode,
        tasks: u32,
    ) {
        let name = name.map(|name| format!(" `{name}`")).unwrap_or_default();
        let jobs = self.roster.jobs(stage).join(", ");
        let sites = count(self.roster.sites(stage).len(), "site");
        let tasks = count(tasks as usize, "task");
        let text = format!(
            "stage {stage}{name}: {jobs} on {sites}, {tasks}, {} ({}-{stage})",
            mode.name(),
            self.batch
        );
        let text = self.palette().faint(safe(text.as_bytes()));
        self.say(&format!("{text}\n"));
    }

    /// A particular of an action, if particulars are shown.
    pub(super) fn tell_detail(
        &mut self,
        action: ActionId,
        text: impl FnOnce(&RunningAction) -> String,
    ) {
        if self.is_verbose()
            && let Some(running) = self.roster.action(action)
        {
            let text = text(running);
            if let Some((of, site)) = self.roster.shown(action, None, |view| view.log) {
                self.tell(of, &site, Said::Detail, &text);
            }
        }
    }

    pub(super) fn finish_action(
        &mut self,
        action: ActionId,
        faults: &[ErrorReport],
        took: Option<Duration>,
    ) {
        if let Some(took) = took {
            let time = duration(took);
            self.tell_detail(action, |running| format!("ends {} ({time})", running.name));
        }
        let Some(RunningAction {
            stage,
            site,
            job,
            name,
            ..
        }) = self.roster.action(action)
        else {
            return;
        };
        let shows = self
            .roster
            .view(*stage)
            .is_none_or(|view| view.log || !view.quiet);
        for fault in faults.iter().filter(|fault| fault.kind != Kind::Cancelled) {
            if shows {
                let failed = FailedAction {
                    job: job.clone(),
                    site: site.clone(),
                    action: name.clone(),
                    fault: fault.clone(),
                };
                self.failures.add(self.roster.place(site), failed);
            }
        }
    }

    pub(super) fn finish_task(
        &mut self,
        stage: StageId,
        task: TaskId,
        result: TaskResult,
        took: Duration,
    ) {
        let Some((job, site)) = self.roster.task(stage, task) else {
            return;
        };
        let shows = self.roster.view(stage).is_some_and(|view| match result {
            TaskResult::Succeeded => view.log,
            _ => view.log || !view.quiet,
        });
        if shows {
            let of = LineOwner {
                stage,
                task: Some(task),
                action: None,
                command: None,
            };
            self.tell(of, &site, Said::Ended(result, took), &job);
        }
    }

    pub(super) fn skip_task(
        &mut self,
        TaskKey { stage, task }: TaskKey,
        job_on_site: JobOnSite,
        reason: SkipReason,
    ) {
        let shows = self
            .roster
            .view(stage)
            .is_some_and(|view| view.log || !view.quiet);
        if shows && let Some((job, site)) = self.roster.names(stage, job_on_site) {
            let of = LineOwner {
                stage,
                task: Some(task),
                action: None,
                command: None,
            };
            let text = format!("{job} was not started, {}", reason.in_words());
            self.tell(of, &site, Said::Skipped, &text);
        }
    }

    pub(super) fn begin_gate(&mut self, action: ActionId, pause: Duration, check: Option<&str>) {
        let what = match (pause, check) {
            (Duration::ZERO, Some(check)) => format!("checks `{check}`"),
            (pause, Some(check)) => {
                format!("pauses for {}, then checks `{check}`", duration(pause))
            }
            (pause, None) => format!("pauses for {}", duration(pause)),
        };
        self.remark(action, |view| view.log, &what);
    }

    pub(super) fn tell_retry(&mut self, action: ActionId, faults: &[ErrorReport], pause: Duration) {
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
    pub(super) fn remark(
        &mut self,
        action: ActionId,
        shows: impl FnOnce(View) -> bool,
        text: &str,
    ) {
        if let Some((of, site)) = self.roster.shown(action, None, shows) {
            self.tell(of, &site, Said::Remark, text);
        }
    }

    pub(super) fn begin_cancel(&mut self, reason: CancelReason, running: u32, grace: Duration) {
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
        self.say(&line);
    }
}
