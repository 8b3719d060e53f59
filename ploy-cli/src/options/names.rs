//! The argument by which jobs, or a schedule, are named.

use clap::{Arg, ArgAction, ArgMatches};

pub(crate) const ID: &str = "names";

pub(crate) fn argument(help: &'static str) -> Arg {
    Arg::new(ID)
        .value_name("JOB")
        .num_args(1..)
        .action(ArgAction::Append)
        .required(true)
        .help(help)
}

/// The names that were given, in their order.
pub(crate) fn parse(matches: &ArgMatches) -> Vec<String> {
    texts(matches, ID)
}

/// All values of an argument that is text.
pub(crate) fn texts(matches: &ArgMatches, id: &str) -> Vec<String> {
    let values = matches.get_many::<String>(id);
    values.into_iter().flatten().cloned().collect()
}
