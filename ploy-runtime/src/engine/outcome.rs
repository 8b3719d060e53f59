use std::fmt;
use std::sync::Arc;

use super::message::{Line, Message};
use crate::error::{Error, Failure, Kind};
use crate::event::{ErrorReport, SkipReason, TaskResult};
use crate::plan::{Plan, Task};
use crate::topology::Site;

/// What the dispatcher knows of a stage that has ended.
pub(super) struct Settled {
    pub(super) plan: Option<Arc<Plan>>,
    pub(super) ends: Vec<TaskEnd>,
    pub(super) refusal: Option<ErrorReport>,
    pub(super) gate_faults: Vec<ErrorReport>,
}

impl Settled {
    /// Of a stage that somebody did not want to run.
    pub(super) fn skipped() -> Self {
        Settled {
            plan: None,
            ends: Vec::new(),
            refusal: None,
            gate_faults: Vec::new(),
        }
    }

    /// Of a stage that did not begin.
    pub(super) fn refused(fault: ErrorReport) -> Self {
        Settled {
            plan: None,
            ends: Vec::new(),
            refusal: Some(fault),
            gate_faults: Vec::new(),
        }
    }
}

#[derive(Clone, Debug)]
pub(super) enum TaskEnd {
    /// It has not ended yet, or the run ended before it did.
    Open,
    Ended(TaskResult, Box<[ActionError]>),
    Skipped(SkipReason),
}

/// What went wrong in an action of a task.
#[derive(Clone, Debug)]
pub(super) struct ActionError {
    pub(super) action: Box<str>,
    pub(super) fault: ErrorReport,
}

/// What a stage came to: each task, and all errors.
#[must_use = "a stage's failure is only known from its outcome; `into_result()?` passes it on"]
pub struct Outcome {
    stage: u32,
    settled: Settled,
    line: Option<Line>,
}

/// What one task came to.
#[derive(Clone, Copy)]
pub struct TaskOutcome<'a> {
    plan: &'a Plan,
    task: &'a Task,
    end: &'a TaskEnd,
}

/// An error of an action.
#[derive(Clone, Copy)]
pub struct JobError<'a> {
    task: TaskOutcome<'a>,
    error: &'a ActionError,
}

/// What the tasks of one site came to, as soon as the last of them has ended.
#[derive(Clone, Debug)]
pub struct SiteOutcome {
    site: Arc<Site>,
    tasks: Vec<(Arc<str>, Option<TaskResult>)>,
}

impl SiteOutcome {
    pub(super) fn new(plan: &Plan, ends: &[TaskEnd], site: u32) -> Self {
        let of_site = plan.tasks().filter(|(_, task)| task.site == site);
        let tasks = of_site.map(|(node, task)| {
            let result = match &ends[node as usize] {
                TaskEnd::Ended(result, _) => Some(*result),
                TaskEnd::Open | TaskEnd::Skipped(_) => None,
            };
            (plan.jobs()[task.job as usize].name.clone(), result)
        });
        SiteOutcome {
            site: plan.sites()[site as usize].clone(),
            tasks: tasks.collect(),
        }
    }

    /// The site.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Its tasks in the order of the stage: the job's name, and how it ended; `None` if it never started.
    pub fn tasks(&self) -> impl Iterator<Item = (&str, Option<TaskResult>)> {
        self.tasks.iter().map(|(job, result)| (&**job, *result))
    }

    /// Whether every task of it ran and succeeded.
    pub fn succeeded(&self) -> bool {
        self.tasks
            .iter()
            .all(|(_, result)| *result == Some(TaskResult::Succeeded))
    }
}

impl Outcome {
    pub(super) fn new(stage: u32, settled: Settled, line: Option<Line>) -> Self {
        Outcome {
            stage,
            settled,
            line,
        }
    }

    /// Whether somebody did not want it to run.
    pub(super) fn is_skipped(&self) -> bool {
        self.settled.plan.is_none() && self.settled.refusal.is_none()
    }

    /// Whether anything went wrong: a task failed or was cancelled, a check between two groups failed, or the stage
    /// could not begin.
    pub fn failed(&self) -> bool {
        self.settled.refusal.is_some()
            || !self.settled.gate_faults.is_empty()
            || self
                .tasks()
                .any(|task| !task.succeeded() && task.result().is_some())
            || self.skipped().next().is_some()
    }

    /// How many tasks failed: the error count. A stage that could not begin is one, and so is a failed check.
    pub fn error_count(&self) -> usize {
        usize::from(self.settled.refusal.is_some())
            + self.settled.gate_faults.len()
            + self.tasks().filter(TaskOutcome::failed).count()
    }

    /// All errors of all actions.
    pub fn errors(&self) -> Vec<JobError<'_>> {
        self.tasks().flat_map(|task| task.errors()).collect()
    }

    /// Why the stage could not begin, if so.
    pub fn refusal(&self) -> Option<&ErrorReport> {
        self.settled.refusal.as_ref()
    }

    /// Why a rolling stage did not go on to its next group, if a check failed.
    pub fn check_failures(&self) -> &[ErrorReport] {
        &self.settled.gate_faults
    }

    /// The tasks, as the plan has them.
    pub fn tasks(&self) -> impl Iterator<Item = TaskOutcome<'_>> {
        const OPEN: &TaskEnd = &TaskEnd::Open;
        self.settled.plan.iter().flat_map(|plan| {
            plan.tasks().map(|(node, task)| TaskOutcome {
                plan,
                task,
                end: self.settled.ends.get(node as usize).unwrap_or(OPEN),
            })
        })
    }

    /// The tasks of a site.
    pub fn site<'a>(&'a self, name: &'a str) -> impl Iterator<Item = TaskOutcome<'a>> {
        self.tasks().filter(move |task| task.site() == name)
    }

    /// The tasks that never started.
    pub fn skipped(&self) -> impl Iterator<Item = TaskOutcome<'_>> {
        self.tasks().filter(|task| task.result().is_none())
    }

    fn cancelled(&self) -> bool {
        self.tasks().any(|task| {
            task.result() == Some(TaskResult::Cancelled)
                || task.skip_reason() == Some(SkipReason::Cancelled)
                || matches!(task.end, TaskEnd::Open)
        })
    }

    /// The failure, if anything [failed](Outcome::failed). It counts for the run whether it is passed on or not.
    ///
    /// # Errors
    ///
    /// If anything [failed](Outcome::failed). The error is a standard one, so `?` also works in a schedule that returns
    /// `anyhow::Result`.
    pub fn check(&self) -> Result<(), Failure> {
        if !self.failed() {
            return Ok(());
        }
        let stage = self.stage;
        let failure = match (
            &self.settled.refusal,
            self.settled.gate_faults.first(),
            self.errors().first(),
        ) {
            (Some(fault), _, _) => Failure::new(
                fault.kind,
                format!("stage {stage} could not begin"),
                fault.to_string(),
            ),
            (None, Some(fault), _) => Failure::new(
                fault.kind,
                format!("stage {stage} stopped between two groups"),
                fault.to_string(),
            ),
            (None, None, Some(first)) => {
                let (count, all) = (self.error_count(), self.tasks().count());
                let what = if all == 1 {
                    "the task".to_owned()
                } else {
                    format!("{count} of {all} tasks")
                };
                Failure::new(
                    first.fault().kind,
                    format!("stage {stage}: {what} failed"),
                    first.to_string(),
                )
            }
            (None, None, None) if self.cancelled() => Failure::new(
                Kind::Cancelled,
                format!("stage {stage} was cancelled"),
                "nothing more was started",
            ),
            (None, None, None) => Failure::new(
                Kind::Cancelled,
                format!("stage {stage} was not started"),
                "too much had failed before it",
            ),
        };
        Err(failure.reported())
    }

    /// As [`check`](Outcome::check), with ploy's own error.
    ///
    /// # Errors
    ///
    /// If anything [failed](Outcome::failed).
    pub fn into_result(self) -> Result<(), Error> {
        self.check().map_err(Error::from)
    }

    /// Says that this stage's failures are no failure of the run: they do not count for the exit status.
    pub fn allow_failure(self) {
        if let Some(line) = &self.line {
            line.send(Message::Allow { stage: self.stage });
        }
    }
}

impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outcome")
            .field("stage", &self.stage)
            .field("tasks", &self.tasks().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl<'a> TaskOutcome<'a> {
    /// The job's name.
    pub fn job(&self) -> &'a str {
        self.plan.jobs()[self.task.job as usize].name()
    }

    /// The site's name.
    pub fn site(&self) -> &'a str {
        self.plan.sites()[self.task.site as usize].name()
    }

    /// How it ended; `None` if it never started.
    pub fn result(&self) -> Option<TaskResult> {
        match self.end {
            TaskEnd::Ended(result, _) => Some(*result),
            TaskEnd::Open | TaskEnd::Skipped(_) => None,
        }
    }

    /// Why it never started, if that is known.
    pub fn skip_reason(&self) -> Option<SkipReason> {
        match self.end {
            TaskEnd::Skipped(reason) => Some(*reason),
            TaskEnd::Open | TaskEnd::Ended(..) => None,
        }
    }

    /// Whether it ran and succeeded.
    pub fn succeeded(&self) -> bool {
        self.result() == Some(TaskResult::Succeeded)
    }

    /// Whether it ran and failed, also because the site could not be reached.
    pub fn failed(&self) -> bool {
        matches!(
            self.result(),
            Some(TaskResult::Failed | TaskResult::Unreachable)
        )
    }

    /// The errors of its actions: of one that was tried again, those of the last try.
    pub fn errors(&self) -> impl Iterator<Item = JobError<'a>> + use<'a> {
        let task = *self;
        let errors: &'a [ActionError] = match self.end {
            TaskEnd::Ended(_, errors) => errors,
            TaskEnd::Open | TaskEnd::Skipped(_) => &[],
        };
        errors.iter().map(move |error| JobError { task, error })
    }
}

impl fmt::Debug for TaskOutcome<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}: {:?}", self.job(), self.site(), self.end)
    }
}

impl<'a> JobError<'a> {
    /// The job's name.
    pub fn job(&self) -> &'a str {
        self.task.job()
    }

    /// The site's name.
    pub fn site(&self) -> &'a str {
        self.task.site()
    }

    /// The name of the action's function.
    pub fn action(&self) -> &'a str {
        &self.error.action
    }

    /// What went wrong.
    pub fn fault(&self) -> &'a ErrorReport {
        &self.error.fault
    }
}

impl fmt::Display for JobError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}: {}", self.job(), self.site(), self.fault())
    }
}

impl fmt::Debug for JobError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
