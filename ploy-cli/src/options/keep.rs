//! `--no-keep`: whether connections outlive the run.

use clap::{Arg, ArgAction, ArgMatches};

pub(crate) const ID: &str = "no-keep";

pub(crate) fn option() -> Arg {
    Arg::new(ID)
        .long(ID)
        .action(ArgAction::SetTrue)
        .global(true)
        .help("End connections with the run, as CI=true does")
}

/// Whether connections are to end with the run.
pub(crate) fn is_refused(matches: &ArgMatches) -> bool {
    matches.get_flag(ID)
}
