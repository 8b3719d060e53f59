//! Options about questions: who answers what jobs ask, and whether each job is asked for.

use clap::{Arg, ArgAction, ArgMatches};

use super::origin::either;
use ploy_runtime::secret::Consent;

pub(crate) const HEADING: &str = "Asking";

/// Who is asked, and when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PromptOptions {
    yes: bool,
    /// Nobody is asked anything.
    pub(crate) no_input: bool,
    /// Each job, or stage of a schedule, is asked for before it runs.
    pub(crate) step: bool,
}

pub(crate) fn options() -> [Arg; 3] {
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

impl PromptOptions {
    pub(crate) fn parse(matches: &ArgMatches) -> Self {
        // What is nearer to the command line counts.
        let step = either(matches, "step", "no-input") == Some(true);
        PromptOptions {
            yes: matches.get_flag("yes"),
            no_input: matches.get_flag("no-input") && !step,
            step,
        }
    }

    /// Who answers what jobs ask.
    pub(crate) fn consent(self) -> Consent {
        match self {
            PromptOptions { yes: true, .. } => Consent::Yes,
            PromptOptions { no_input: true, .. } => Consent::Nobody,
            _ => Consent::Terminal,
        }
    }
}
