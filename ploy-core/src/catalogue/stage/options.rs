//! The options of a stage.

use std::time::Duration;

use super::amount::Amount;
use super::group_check::GroupCheck;
use super::groups::Groups;
use super::mode::Mode;
use crate::topology::{IntoSelector, Selector, SelectorError};

/// The options of a stage. What is not set is taken from the batch, then from the defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    #[doc(hidden)]
    pub on: Option<Result<Selector, SelectorError>>,
    /// A second restriction, that of the whole run: a site must satisfy both.
    #[doc(hidden)]
    pub within: Option<Result<Selector, SelectorError>>,
    #[doc(hidden)]
    pub name: Option<String>,
    #[doc(hidden)]
    pub desc: Option<String>,
    #[doc(hidden)]
    pub mode: Option<Mode>,
    #[doc(hidden)]
    pub groups: Option<Groups>,
    #[doc(hidden)]
    pub pause: Option<Duration>,
    #[doc(hidden)]
    pub check: Option<GroupCheck>,
    #[doc(hidden)]
    pub once: Option<bool>,
    #[doc(hidden)]
    pub break_on_error: Option<bool>,
    #[doc(hidden)]
    pub allow_missing_job: Option<bool>,
    #[doc(hidden)]
    pub max_fail: Option<Amount>,
    #[doc(hidden)]
    pub fanout: Option<u32>,
    #[doc(hidden)]
    pub retries: Option<u32>,
    #[doc(hidden)]
    pub backoff: Option<Duration>,
    #[doc(hidden)]
    pub timeout: Option<Duration>,
    #[doc(hidden)]
    pub task_timeout: Option<Duration>,
    #[doc(hidden)]
    pub report: Option<bool>,
    #[doc(hidden)]
    pub debug: Option<bool>,
    #[doc(hidden)]
    pub log: Option<bool>,
    #[doc(hidden)]
    pub quiet: Option<bool>,
}

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
        with_defaults!(self, defaults: on within name desc mode groups pause check once break_on_error
            allow_missing_job max_fail fanout retries backoff timeout task_timeout report debug log quiet)
    }

    /// Restricts the whole run, besides what each stage says by `on`.
    #[must_use]
    pub fn within(mut self, sites: impl IntoSelector) -> Self {
        self.within = Some(sites.into_selector());
        self
    }

    #[doc(hidden)]
    pub fn chosen_mode(&self) -> Mode {
        self.mode.unwrap_or_default()
    }

    /// The number of failures, of so many tasks, after which nothing that waits for its turn is
    /// started.
    #[doc(hidden)]
    pub fn failure_budget(&self, tasks: u32) -> Option<u32> {
        match self.max_fail {
            Some(most) => Some(most.of(tasks)),
            // Who goes on after errors goes on in every mode.
            None if self.break_on_error == Some(false) => None,
            None => self.chosen_mode().allowed_failures(),
        }
    }
}

/// Setting options: each method has the name of the option and takes its value.
impl Options {
    option_setters!();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_set_is_inherited() {
        let defaults = Options::new().fanout(4).retries(2).mode(Mode::Atomic);
        let own = Options::new().fanout(8);
        let both = own.or(&defaults);
        assert_eq!(
            (both.fanout, both.retries, both.chosen_mode()),
            (Some(8), Some(2), Mode::Atomic)
        );
    }

    #[test]
    fn budgets_follow_the_mode_unless_they_are_set() {
        let budget = |options: Options| options.failure_budget(40);
        assert_eq!(budget(Options::new()), None);
        assert_eq!(budget(Options::new().mode(Mode::Rolling)), Some(0));
        let goes_on = Options::new().mode(Mode::Rolling).break_on_error(false);
        assert_eq!(budget(goes_on.clone()), None);
        assert_eq!(budget(goes_on.max_fail(Amount::percent(10))), Some(4));
    }
}
