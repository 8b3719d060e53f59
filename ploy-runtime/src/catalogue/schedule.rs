use super::options::option_setters;
use super::{IntoJobs, Jobs, Mode, Options};

/// A list of jobs run in a mode, with options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stage {
    pub(crate) jobs: Jobs,
    pub(crate) mode: Mode,
    pub(crate) options: Options,
}

impl Stage {
    /// A stage of these jobs in this mode.
    pub fn new(mode: Mode, jobs: impl IntoJobs) -> Self {
        Stage {
            jobs: jobs.into_jobs(),
            mode,
            options: Options::new(),
        }
    }

    option_setters!(options);

    /// The jobs in order.
    pub fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    /// The mode.
    pub fn mode(&self) -> Mode {
        self.mode
    }
}

/// A sequence of stages, as data: each begins when the one before it has ended, and only if it ended well.
///
/// ```
/// use ploy_runtime::Schedule;
///
/// let release = Schedule::new().run("package").sequential(["upload-web", "upgrade-web"]).on(["web"]);
/// assert_eq!(release.stages().len(), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    stages: Vec<Stage>,
}

macro_rules! on_last_stage {
    ($($(#[$doc:meta])* $name:ident($argument:ident: $type:ty);)*) => {
        $($(#[$doc])* #[must_use] pub fn $name(mut self, $argument: $type) -> Self {
            if let Some(last) = self.stages.pop() {
                self.stages.push(last.$name($argument));
            }
            self
        })*
    };
}

impl Schedule {
    /// A schedule without stages. Each method of a mode's name adds a stage; the options after it are that stage's.
    pub fn new() -> Self {
        Schedule::default()
    }

    /// Adds a stage.
    #[must_use]
    pub fn stage(mut self, stage: Stage) -> Self {
        self.stages.push(stage);
        self
    }

    /// Adds a stage in site-sequential mode: on each site, job after job.
    #[must_use]
    pub fn run(self, jobs: impl IntoJobs) -> Self {
        self.stage(Stage::new(Mode::SiteSequential, jobs))
    }

    /// Adds a stage in which a job begins when the one before it has ended on all sites.
    #[must_use]
    pub fn sequential(self, jobs: impl IntoJobs) -> Self {
        self.stage(Stage::new(Mode::Sequential, jobs))
    }

    /// Adds a stage that runs one task at a time.
    #[must_use]
    pub fn atomic(self, jobs: impl IntoJobs) -> Self {
        self.stage(Stage::new(Mode::Atomic, jobs))
    }

    /// Adds a stage that runs everything at once.
    #[must_use]
    pub fn parallel(self, jobs: impl IntoJobs) -> Self {
        self.stage(Stage::new(Mode::Parallel, jobs))
    }

    on_last_stage! {
        /// Restricts the last stage to sites that carry one of these roles, or have such a name.
        on(roles: impl crate::topology::IntoRoles);
        /// Names the last stage.
        name(name: impl Into<String>);
        /// Describes the last stage.
        desc(desc: impl Into<String>);
        /// As [`Stage::break_on_error`], of the last stage.
        break_on_error(yes: bool);
        /// As [`Stage::allow_missing_job`], of the last stage.
        allow_missing_job(yes: bool);
        /// As [`Stage::max_fail`], of the last stage.
        max_fail(tasks: u32);
        /// As [`Stage::fanout`], of the last stage.
        fanout(tasks: u32);
        /// As [`Stage::report`], of the last stage.
        report(yes: bool);
        /// As [`Stage::debug`], of the last stage.
        debug(yes: bool);
        /// As [`Stage::log`], of the last stage.
        log(yes: bool);
        /// As [`Stage::quiet`], of the last stage.
        quiet(yes: bool);
    }

    /// The stages in order.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }
}
