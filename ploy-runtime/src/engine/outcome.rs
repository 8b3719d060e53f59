use std::fmt;
use std::sync::Arc;

use super::message::{ActionEnd, Line, Message};
use crate::error::{Error, Failure, Kind};
use crate::event::{Fault, TaskResult};
use crate::plan::Plan;

/// What the dispatcher knows of a stage that has ended.
pub(super) struct Settled {
    pub(super) plan: Option<Arc<Plan>>,
    pub(super) ends: Vec<Option<TaskEnd>>,
    pub(super) refusal: Option<Fault>,
}

#[derive(Clone, Debug)]
pub(super) enum TaskEnd {
    Ended {
        result: TaskResult,
        actions: Vec<ActionEnd>,
    },
    Skipped,
}

/// What a stage came to: each task, and all errors.
#[must_use = "a stage's failure is only known from its outcome; `into_result()?` passes it on"]
pub struct Outcome {
    stage: u32,
    tasks: Vec<TaskOutcome>,
    refusal: Option<Fault>,
    line: Option<Line>,
}

/// What one task came to.
#[derive(Clone, Debug)]
pub struct TaskOutcome {
    job: String,
    site: String,
    result: Option<TaskResult>,
    errors: Vec<JobError>,
}

/// An error of an action.
#[derive(Clone, Debug)]
pub struct JobError {
    job: String,
    site: String,
    action: String,
    fault: Fault,
}

impl Outcome {
    pub(super) fn new(stage: u32, settled: Settled, line: Option<Line>) -> Self {
        let Settled {
            plan,
            ends,
            refusal,
        } = settled;
        let mut tasks = Vec::new();
        if let Some(plan) = plan {
            for (node, task) in plan.tasks() {
                let job = plan.jobs()[task.job as usize].name();
                let site = plan.sites()[task.site as usize].name();
                let end = ends
                    .get(node as usize)
                    .cloned()
                    .flatten()
                    .unwrap_or(TaskEnd::Skipped);
                tasks.push(TaskOutcome::new(job, site, end));
            }
        }
        Outcome {
            stage,
            tasks,
            refusal,
            line,
        }
    }

    /// Whether anything went wrong: a task failed or was cancelled, or the stage could not begin.
    pub fn failed(&self) -> bool {
        self.refusal.is_some()
            || self
                .tasks
                .iter()
                .any(|task| !task.succeeded() && task.result.is_some())
            || self.cancelled()
    }

    /// How many tasks failed: the error count.
    pub fn error_count(&self) -> usize {
        usize::from(self.refusal.is_some()) + self.tasks.iter().filter(|task| task.failed()).count()
    }

    /// All errors of all actions.
    pub fn errors(&self) -> Vec<&JobError> {
        self.tasks.iter().flat_map(|task| &task.errors).collect()
    }

    /// Why the stage could not begin, if so.
    pub fn refusal(&self) -> Option<&Fault> {
        self.refusal.as_ref()
    }

    /// The tasks, as the plan has them.
    pub fn tasks(&self) -> &[TaskOutcome] {
        &self.tasks
    }

    /// The tasks of a site.
    pub fn site(&self, name: &str) -> impl Iterator<Item = &TaskOutcome> {
        self.tasks.iter().filter(move |task| task.site == name)
    }

    /// The tasks that never started.
    pub fn skipped(&self) -> impl Iterator<Item = &TaskOutcome> {
        self.tasks.iter().filter(|task| task.result.is_none())
    }

    fn cancelled(&self) -> bool {
        // Skipped without a failure before it: the run was cancelled.
        self.tasks
            .iter()
            .any(|task| task.result == Some(TaskResult::Cancelled))
            || (self.skipped().next().is_some() && self.error_count() == 0)
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
        let failure = match (&self.refusal, self.errors().first()) {
            (Some(fault), _) => Failure::new(
                fault.kind,
                format!("stage {} could not begin", self.stage),
                fault.to_string(),
            ),
            (None, Some(first)) => {
                let (count, all) = (self.error_count(), self.tasks.len());
                let what = if all == 1 {
                    "the task".to_owned()
                } else {
                    format!("{count} of {all} tasks")
                };
                Failure::new(
                    first.fault.kind,
                    format!("stage {}: {what} failed", self.stage),
                    first.to_string(),
                )
            }
            (None, None) => Failure::new(
                Kind::Cancelled,
                format!("stage {} was cancelled", self.stage),
                "nothing more was started",
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

    /// Says that this stage's failed tasks are no failure of the run: they do not count for the exit status.
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
            .field("tasks", &self.tasks)
            .finish_non_exhaustive()
    }
}

impl TaskOutcome {
    fn new(job: &str, site: &str, end: TaskEnd) -> Self {
        let (result, actions) = match end {
            TaskEnd::Ended { result, actions } => (Some(result), actions),
            TaskEnd::Skipped => (None, Vec::new()),
        };
        let errors = actions
            .into_iter()
            .flat_map(|action| {
                let (job, site) = (job.to_owned(), site.to_owned());
                action
                    .faults
                    .into_iter()
                    .flatten()
                    .map(move |fault| JobError {
                        job: job.clone(),
                        site: site.clone(),
                        action: action.name.clone(),
                        fault,
                    })
            })
            .collect();
        TaskOutcome {
            job: job.to_owned(),
            site: site.to_owned(),
            result,
            errors,
        }
    }

    /// The job's name.
    pub fn job(&self) -> &str {
        &self.job
    }

    /// The site's name.
    pub fn site(&self) -> &str {
        &self.site
    }

    /// How it ended; `None` if it never started.
    pub fn result(&self) -> Option<TaskResult> {
        self.result
    }

    /// Whether it ran and succeeded.
    pub fn succeeded(&self) -> bool {
        self.result == Some(TaskResult::Succeeded)
    }

    /// Whether it ran and failed, also because the site could not be reached.
    pub fn failed(&self) -> bool {
        matches!(
            self.result,
            Some(TaskResult::Failed | TaskResult::Unreachable)
        )
    }

    /// The errors of its actions.
    pub fn errors(&self) -> &[JobError] {
        &self.errors
    }
}

impl JobError {
    /// The job's name.
    pub fn job(&self) -> &str {
        &self.job
    }

    /// The site's name.
    pub fn site(&self) -> &str {
        &self.site
    }

    /// The name of the action's function.
    pub fn action(&self) -> &str {
        &self.action
    }

    /// What went wrong.
    pub fn fault(&self) -> &Fault {
        &self.fault
    }
}

impl fmt::Display for JobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}: {}", self.job, self.site, self.fault)
    }
}
