//! Who is asked, and when.

use clap::{Arg, ArgAction, ArgMatches};

use super::origin::either;
use ploy_runtime::secret::Consent;

pub(super) const HEADING: &str = "Asking";

/// What the command line says of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Asking {
    yes: bool,
    /// Nobody is asked anything.
    pub(super) no_input: bool,
    /// Before each stage somebody is asked whether it is to run.
    pub(super) step: bool,
}

pub(super) fn options() -> [Arg; 3] {
    let flag = |name: &'static str| {
        Arg::new(name)
            .long(name)
            .action(ArgAction::SetTrue)
            .global(true)
            .help_heading(HEADING)
    };
    [
        flag("yes").short('y').help("Answer yes to what jobs ask"),
        flag("no-input").help("Ask nothing: what would be asked fails at once"),
        flag("step").help("Ask before each job, or stage of a schedule"),
    ]
}

impl Asking {
    pub(super) fn from_matches(matches: &ArgMatches) -> Self {
        // What is nearer to the command line counts.
        let step = either(matches, "step", "no-input") == Some(true);
        Asking {
            yes: matches.get_flag("yes"),
            no_input: matches.get_flag("no-input") && !step,
            step,
        }
    }

    /// Who answers what jobs ask.
    pub(super) fn consent(self) -> Consent {
        match self {
            Asking { yes: true, .. } => Consent::Yes,
            Asking { no_input: true, .. } => Consent::Nobody,
            _ => Consent::Terminal,
        }
    }
}
