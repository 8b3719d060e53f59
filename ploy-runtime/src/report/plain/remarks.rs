//! Lines about what begins and ends.

use super::super::roster::RunningAction;
use super::super::summary::{FailedAction, count, duration};
use super::Plain;
use crate::error::Kind;
use crate::event::{CancelReason, Fault, TaskResult, View};

impl Plain {
    pub(super) fn finish_action(&mut self, action: u32, faults: &[Fault]) {
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

    pub(super) fn finish_task(&mut self, stage: u32, task: u32, result: TaskResult, took: u64) {
        let Some((job, site)) = self.roster.end_task(stage, task) else {
            return;
        };
        let Some(view) = self.roster.view(stage) else {
            return;
        };
        let time = self.palette.faint(format_args!("({})", duration(took)));
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

    pub(super) fn begin_gate(
        &mut self,
        stage: u32,
        group: u32,
        action: u32,
        pause: u64,
        check: Option<&str>,
    ) {
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
            self.tell(&site, &self.palette.warning("-"), text);
        }
    }

    pub(super) fn begin_cancel(&mut self, reason: CancelReason, running: u32, grace: u64) {
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
