//! Lines about what begins and ends.

use std::collections::BTreeMap;

use super::super::failures::FailedAction;
use super::super::layout::{Of, Said};
use super::super::roster::RunningAction;
use super::super::summary::{count, duration};
use super::Plain;
use crate::catalogue::Mode;
use crate::error::Kind;
use crate::event::{CancelReason, Fault, SkipReason, TaskResult, View};
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
    pub(super) fn tell_stage(&mut self, stage: u32, name: Option<&str>, mode: Mode, tasks: u32) {
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
    pub(super) fn tell_detail(&mut self, action: u32, text: impl FnOnce(&RunningAction) -> String) {
        if self.is_verbose()
            && let Some(running) = self.roster.action(action)
        {
            let (text, site) = (text(running), running.site.clone());
            let shows = self.roster.view(running.stage).is_some_and(|view| view.log);
            if shows {
                let of = self.roster.of(action, 0);
                self.tell(of, &site, Said::Detail, &text);
            }
        }
    }

    pub(super) fn finish_action(&mut self, action: u32, faults: &[Fault], took: Option<u64>) {
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

    pub(super) fn finish_task(&mut self, stage: u32, task: u32, result: TaskResult, took: u64) {
        let Some((job, site)) = self.roster.task(stage, task) else {
            return;
        };
        let shows = self.roster.view(stage).is_some_and(|view| match result {
            TaskResult::Succeeded => view.log,
            _ => view.log || !view.quiet,
        });
        if shows {
            let of = Of {
                stage,
                task: Some(task),
                ..Of::default()
            };
            self.tell(of, &site, Said::Ended(result, took), &job);
        }
    }

    pub(super) fn skip_task(
        &mut self,
        (stage, task): (u32, u32),
        (job, site): (u32, u32),
        reason: SkipReason,
    ) {
        let shows = self
            .roster
            .view(stage)
            .is_some_and(|view| view.log || !view.quiet);
        if shows && let Some((job, site)) = self.roster.names(stage, job, site) {
            let of = Of {
                stage,
                task: Some(task),
                ..Of::default()
            };
            let text = format!("{job} was not started, {}", reason.in_words());
            self.tell(of, &site, Said::Skipped, &text);
        }
    }

    pub(super) fn begin_gate(&mut self, action: u32, pause: u64, check: Option<&str>) {
        let what = match (pause, check) {
            (0, Some(check)) => format!("checks `{check}`"),
            (pause, Some(check)) => {
                format!("pauses for {}, then checks `{check}`", duration(pause))
            }
            (pause, None) => format!("pauses for {}", duration(pause)),
        };
        self.remark(action, |view| view.log, &what);
    }

    pub(super) fn tell_retry(&mut self, action: u32, faults: &[Fault], pause: u64) {
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
    pub(super) fn remark(&mut self, action: u32, shows: impl FnOnce(View) -> bool, text: &str) {
        if let Some(site) = self.roster.shown_site(action, shows) {
            let of = self.roster.of(action, 0);
            self.tell(of, &site, Said::Remark, text);
        }
    }

    pub(super) fn begin_cancel(&mut self, reason: CancelReason, running: u32, grace: u64) {
        let what = reason.in_words();
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
        let line = format!(
            "{} {rest}\n",
            self.palette().warning(format_args!("{what}:"))
        );
        self.say(&line);
    }
}
