//! A stage.

use super::super::job_list::{IntoJobs, Jobs};
use super::condition::Condition;
use super::groups::Groups;
use super::mode::Mode;
use super::options::Options;

/// A list of jobs run in a mode, with options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stage {
    #[doc(hidden)]
    pub jobs: Jobs,
    #[doc(hidden)]
    pub options: Options,
    #[doc(hidden)]
    pub condition: Condition,
}

impl Stage {
    /// A stage of these jobs in this mode.
    pub fn new(mode: Mode, jobs: impl IntoJobs) -> Self {
        Stage::of(jobs).mode(mode)
    }

    /// A stage of these jobs in the batch's mode, which is site-sequential unless set.
    pub fn of(jobs: impl IntoJobs) -> Self {
        Stage {
            jobs: jobs.into_jobs(),
            ..Stage::default()
        }
    }

    /// A stage of these jobs in rolling mode: all jobs on a group of sites, then on the next.
    pub fn rolling(groups: impl Into<Groups>, jobs: impl IntoJobs) -> Self {
        Stage::new(Mode::Rolling, jobs).groups(groups)
    }

    option_setters!(options);

    /// In a schedule in data: begins only if the stage of this name ran and failed. Not once the
    /// run is cancelled: then nothing begins.
    #[must_use]
    pub fn on_failure(mut self, stage: impl Into<String>) -> Self {
        self.condition = Condition::OnFailure(stage.into());
        self
    }

    /// In a schedule in data: begins if the stage of this name ran, however it ended. Not once the
    /// run is cancelled: then nothing begins.
    #[must_use]
    pub fn always(mut self, stage: impl Into<String>) -> Self {
        self.condition = Condition::Always(stage.into());
        self
    }

    /// The jobs in order.
    pub fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    /// The options.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// When it begins.
    pub fn condition(&self) -> &Condition {
        &self.condition
    }
}
