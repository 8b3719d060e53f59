//! What a stage came to: its tasks, and all errors.

use std::fmt;

use crate::engine::dispatcher::{ActionError, Message, MessageSender, Settled, TaskEnd};
use crate::error::{Error, Failure, Kind};
use crate::event::{ErrorReport, SkipReason, StageId, TaskResult};
use crate::plan::{Plan, Task};

/// What a stage came to: each task, and all errors.
#[must_use = "a stage's failure is only known from its outcome; `into_result()?` passes it on"]
pub struct Outcome {
    stage: StageId,
    settled: Settled,
    dispatcher: Option<MessageSender>,
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

impl Outcome {
    pub(in crate::engine) fn new(
        stage: StageId,
        settled: Settled,
        dispatcher: Option<MessageSender>,
    ) -> Self {
        Outcome {
            stage,
            settled,
            dispatcher,
        }
    }

    /// Whether somebody did not want it to run.
    pub(super) fn is_skipped(&self) -> bool {
        self.settled.plan.is_none() && self.settled.refusal.is_none()
    }

    /// Whether anything went wrong: a task failed or was cancelled, a check between two groups
    /// failed, or the stage could not begin.
    pub fn failed(&self) -> bool {
        self.settled.refusal.is_some()
            || !self.settled.gate_errors.is_empty()
            || self
                .tasks()
                .any(|task| !task.succeeded() && task.result().is_some())
            || self.skipped().next().is_some()
    }

    /// How many tasks failed: the error count. A stage that could not begin is one, and so is a
    /// failed check.
    pub fn error_count(&self) -> usize {
        usize::from(self.settled.refusal.is_some())
            + self.settled.gate_errors.len()
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
        &self.settled.gate_errors
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

    /// The failure, if anything [failed](Outcome::failed). It counts for the run whether it is
    /// passed on or not.
    ///
    /// # Errors
    ///
    /// If anything [failed](Outcome::failed). The error is a standard one, so `?` also works in a
    /// schedule that returns `anyhow::Result`.
    pub fn check(&self) -> Result<(), Failure> {
        if !self.failed() {
            return Ok(());
        }
        let stage = self.stage;
        let failure = match (
            &self.settled.refusal,
            self.settled.gate_errors.first(),
            self.errors().first(),
        ) {
            (Some(error), _, _) => Failure::new(
                error.kind,
                format!("stage {stage} could not begin"),
                error.to_string(),
            ),
            (None, Some(error), _) => Failure::new(
                error.kind,
                format!("stage {stage} stopped between two groups"),
                error.to_string(),
            ),
            (None, None, Some(first)) => {
                let (count, all) = (self.error_count(), self.tasks().count());
                let what = if all == 1 {
                    "the task".to_owned()
                } else {
                    format!("{count} of {all} tasks")
                };
                Failure::new(
                    first.report().kind,
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

    /// Says that this stage's failures are no failure of the run: they do not count for the exit
    /// status.
    pub fn allow_failure(self) {
        if let Some(dispatcher) = &self.dispatcher {
            dispatcher.send(Message::Allow { stage: self.stage });
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
    pub fn report(&self) -> &'a ErrorReport {
        &self.error.error
    }
}

impl fmt::Display for JobError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}: {}", self.job(), self.site(), self.report())
    }
}

impl fmt::Debug for JobError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
