//! The methods that set the options of a stage, written once for every type that has them.

/// The methods that set options, for every type that holds [`Options`](super::Options) behind
/// `$field`.
#[doc(hidden)]
#[macro_export]
macro_rules! option_setters {
    ($($field:ident)*) => {
        /// Restricts the stage to these sites: a role, a name, a list of them, or an expression
        /// such as `"web!web1"` (see `Selector`).
        #[must_use = "this is what it was called on, changed"]
        pub fn on(mut self, sites: impl $crate::topology::IntoSelector) -> Self {
            self.$($field.)*on = Some(sites.into_selector());
            self
        }

        /// A name for the stage, shown where it is reported, and by which later stages refer to it.
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

        /// The order in which the jobs run over the sites; site-sequential unless set.
        #[must_use = "this is what it was called on, changed"]
        pub fn mode(mut self, mode: $crate::catalogue::Mode) -> Self {
            self.$($field.)*mode = Some(mode);
            self
        }

        /// How many sites each group of a rolling stage has; 1 unless set.
        #[must_use = "this is what it was called on, changed"]
        pub fn groups(mut self, groups: impl Into<$crate::catalogue::Groups>) -> Self {
            self.$($field.)*groups = Some(groups.into());
            self
        }

        /// How long a rolling stage waits after each group but the last; not at all unless set.
        #[must_use = "this is what it was called on, changed"]
        pub fn pause(mut self, time: std::time::Duration) -> Self {
            self.$($field.)*pause = Some(time);
            self
        }

        /// What a rolling stage does after each group but the last, and after the pause. If it
        /// fails, the groups that follow are not started, and the stage has failed.
        #[must_use = "this is what it was called on, changed"]
        pub fn check(mut self, check: impl Into<$crate::catalogue::GroupCheck>) -> Self {
            self.$($field.)*check = Some(check.into());
            self
        }

        /// Whether each job runs on one site only: the first in the order of the topology that it
        /// would run on. False unless set.
        #[must_use = "this is what it was called on, changed"]
        pub fn once(mut self, yes: bool) -> Self {
            self.$($field.)*once = Some(yes);
            self
        }

        /// Whether a failed task ends its site's chain of jobs; true unless set.
        #[must_use = "this is what it was called on, changed"]
        pub fn break_on_error(mut self, yes: bool) -> Self {
            self.$($field.)*break_on_error = Some(yes);
            self
        }

        /// Whether a job that nobody declared is passed over instead of being an error; false
        /// unless set.
        #[must_use = "this is what it was called on, changed"]
        pub fn allow_missing_job(mut self, yes: bool) -> Self {
            self.$($field.)*allow_missing_job = Some(yes);
            self
        }

        /// How many tasks may fail, a number or a share of the stage's tasks: once more have
        /// failed, no site begins and no task that waits for other sites is started. A site that
        /// has begun finishes its jobs, where it waits for no other. Unless set, there is no limit
        /// in site-sequential and parallel mode, or if `break_on_error` is false; else, in
        /// sequential, atomic and rolling mode, it is 0.
        ///
        /// Given for the whole run, a number also limits the failed tasks of all its stages
        /// together. A share is always one of a stage's tasks, since nobody knows how many a run
        /// will have.
        #[must_use = "this is what it was called on, changed"]
        pub fn max_fail(mut self, tasks: impl Into<$crate::catalogue::Amount>) -> Self {
            self.$($field.)*max_fail = Some(tasks.into());
            self
        }

        /// On how many sites tasks run at a time; 32 unless set, and 1 if it is 0. A task that
        /// waits to be tried again keeps its place. A site whose tasks all wait for others (at a
        /// lock, a queue, a latch or a barrier) does not count.
        #[must_use = "this is what it was called on, changed"]
        pub fn fanout(mut self, sites: u32) -> Self {
            self.$($field.)*fanout = Some(sites);
            self
        }

        /// How often an action that failed is tried again; 0 unless set. Not after a mistake in its
        /// use of ploy or a deadlock, which would only come again, nor once the run is cancelled.
        #[must_use = "this is what it was called on, changed"]
        pub fn retries(mut self, times: u32) -> Self {
            self.$($field.)*retries = Some(times);
            self
        }

        /// How long to wait before the first retry; 1 s unless set. It doubles with each, up to a
        /// minute (or this time, if it is longer), and varies by a quarter, so that many sites do
        /// not try again at one moment.
        #[must_use = "this is what it was called on, changed"]
        pub fn backoff(mut self, time: std::time::Duration) -> Self {
            self.$($field.)*backoff = Some(time);
            self
        }

        /// How long an action may take, each try of it, and a check between two groups; without
        /// limit unless set. When it is up, the commands get TERM, and KILL five seconds later.
        #[must_use = "this is what it was called on, changed"]
        pub fn timeout(mut self, time: std::time::Duration) -> Self {
            self.$($field.)*timeout = Some(time);
            self
        }

        /// How long a task may take, with all its actions and their retries; without limit unless
        /// set.
        #[must_use = "this is what it was called on, changed"]
        pub fn task_timeout(mut self, time: std::time::Duration) -> Self {
            self.$($field.)*task_timeout = Some(time);
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
