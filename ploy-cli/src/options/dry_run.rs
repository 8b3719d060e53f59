//! `--dry-run`: a run is planned only.

use clap::{Arg, ArgAction, ArgMatches};

pub(crate) const ID: &str = "dry-run";

pub(crate) fn option() -> Arg {
    Arg::new(ID)
        .short('n')
        .long(ID)
        .alias("dry")
        .action(ArgAction::SetTrue)
        .global(true)
        .help("Show the plan, run nothing and connect to nothing")
}

/// Whether a run is to be planned only.
pub(crate) fn is_dry(matches: &ArgMatches) -> bool {
    matches.get_flag(ID)
}
