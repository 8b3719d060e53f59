use std::fmt;

use serde::{Deserialize, Serialize};

use crate::topology::IntoRoles;

/// The order in which a stage's jobs run over its sites.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Mode {
    /// On each site, job after job; sites do not wait for each other.
    #[default]
    SiteSequential,
    /// A job begins when the one before it has ended on all sites.
    Sequential,
    /// One task at a time: job by job, and within it site by site.
    Atomic,
    /// Everything at once.
    Parallel,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Mode::SiteSequential => "site-sequential",
            Mode::Sequential => "sequential",
            Mode::Atomic => "atomic",
            Mode::Parallel => "parallel",
        })
    }
}

/// The options of a stage. What is not set is taken from the batch, then from the defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    pub(crate) on: Option<Vec<String>>,
    /// A second restriction, that of the whole run: a site must satisfy both.
    pub(crate) within: Option<Vec<String>>,
    pub(crate) name: Option<String>,
    pub(crate) desc: Option<String>,
    pub(crate) break_on_error: Option<bool>,
    pub(crate) allow_missing_job: Option<bool>,
    pub(crate) max_fail: Option<u32>,
    pub(crate) fanout: Option<u32>,
    pub(crate) report: Option<bool>,
    pub(crate) debug: Option<bool>,
    pub(crate) log: Option<bool>,
    pub(crate) quiet: Option<bool>,
}

/// The methods that set options, for every type that holds [`Options`] behind `$field`.
macro_rules! option_setters {
    ($($field:ident)*) => {
        /// Restricts the stage to sites that carry one of these roles, or have such a name.
        #[must_use = "this is what it was called on, changed"]
        pub fn on(mut self, roles: impl $crate::topology::IntoRoles) -> Self {
            self.$($field.)*on = Some(roles.into_roles());
            self
        }

        /// A name for the stage, shown where it is reported.
        #[must_use = "this is what it was called on, changed"]
        pub fn name(mut self, name: impl Into<String>) -> Self {
            self.$($field.)*name = Some(name.into());
            self
        }

        /// A description of the stage.
        #[must_use = "this is what it was called on, changed"]
        pub fn desc(mut self, desc: impl Into<String>) -> Self {
            self.$($field.)*desc = Some(desc.into());
            self
        }

        /// Whether a failed task ends its site's chain of jobs; true unless set.
        #[must_use = "this is what it was called on, changed"]
        pub fn break_on_error(mut self, yes: bool) -> Self {
            self.$($field.)*break_on_error = Some(yes);
            self
        }

        /// Whether a job that nobody declared is passed over instead of being an error; false unless set.
        #[must_use = "this is what it was called on, changed"]
        pub fn allow_missing_job(mut self, yes: bool) -> Self {
            self.$($field.)*allow_missing_job = Some(yes);
            self
        }

        /// How many tasks may fail before no more are started, whatever they wait for. Unless set, there is
        /// no limit in site-sequential and parallel mode, or if `break_on_error` is false; else, in sequential and
        /// atomic mode, it is 0.
        #[must_use = "this is what it was called on, changed"]
        pub fn max_fail(mut self, tasks: u32) -> Self {
            self.$($field.)*max_fail = Some(tasks);
            self
        }

        /// How many tasks run at a time; 32 unless set, at least 1.
        #[must_use = "this is what it was called on, changed"]
        pub fn fanout(mut self, tasks: u32) -> Self {
            self.$($field.)*fanout = Some(tasks);
            self
        }

        /// Whether `cx.report` is shown even when the log is off; true unless set.
        #[must_use = "this is what it was called on, changed"]
        pub fn report(mut self, yes: bool) -> Self {
            self.$($field.)*report = Some(yes);
            self
        }

        /// Whether `cx.debug` is shown; false unless set.
        #[must_use = "this is what it was called on, changed"]
        pub fn debug(mut self, yes: bool) -> Self {
            self.$($field.)*debug = Some(yes);
            self
        }

        /// Whether commands and their output are shown; true unless set.
        #[must_use = "this is what it was called on, changed"]
        pub fn log(mut self, yes: bool) -> Self {
            self.$($field.)*log = Some(yes);
            self
        }

        /// Whether error lines are hidden, unless the log is on; false unless set.
        #[must_use = "this is what it was called on, changed"]
        pub fn quiet(mut self, yes: bool) -> Self {
            self.$($field.)*quiet = Some(yes);
            self
        }
    };
}
pub(crate) use option_setters;

macro_rules! with_defaults {
    ($own:ident, $defaults:ident: $($field:ident)*) => {
        Options { $($field: $own.$field.clone().or_else(|| $defaults.$field.clone()),)* }
    };
}

impl Options {
    /// No option set.
    pub fn new() -> Self {
        Options::default()
    }

    /// These options, and where one is not set that of `defaults`.
    #[must_use]
    pub fn or(&self, defaults: &Options) -> Options {
        with_defaults!(self, defaults: on within name desc break_on_error allow_missing_job max_fail fanout report debug log quiet)
    }

    /// Restricts the whole run, besides what each stage says by `on`.
    #[must_use]
    pub fn within(mut self, roles: impl IntoRoles) -> Self {
        self.within = Some(roles.into_roles());
        self
    }

    /// The number of failures after which nothing that waits for its turn is started.
    pub(crate) fn failure_budget(&self, mode: Mode) -> Option<u32> {
        // Who goes on after errors goes on in every mode.
        let goes_on = self.break_on_error == Some(false);
        self.max_fail.or(match mode {
            _ if goes_on => None,
            Mode::SiteSequential | Mode::Parallel => None,
            Mode::Sequential | Mode::Atomic => Some(0),
        })
    }
}

/// Setting options: each method has the name of the option and takes its value.
impl Options {
    option_setters!();
}
