//! Where an option's value comes from: what is nearer to whoever runs the program counts more.

use clap::ArgMatches;
use clap::parser::ValueSource;

use ploy_core::error::Problem;

/// How a value was given, from the farthest to the nearest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    /// The project's `ploy.toml`, or ploy itself.
    Default,
    /// A variable of the environment.
    Environment,
    CommandLine,
}

/// Where the value of an option comes from, if it has one.
pub(crate) fn origin(matches: &ArgMatches, id: &str) -> Option<Origin> {
    match matches.value_source(id)? {
        ValueSource::CommandLine => Some(Origin::CommandLine),
        ValueSource::EnvVariable => Some(Origin::Environment),
        _ => Some(Origin::Default),
    }
}

/// Whether an option stands on the command line itself.
pub(crate) fn is_typed(matches: &ArgMatches, id: &str) -> bool {
    origin(matches, id) == Some(Origin::CommandLine)
}

/// Of two switches that exclude each other, whether the first holds, the second, or none. Both can
/// be on: one in the project's file, the other on the command line.
pub(crate) fn either(matches: &ArgMatches, yes: &str, no: &str) -> Option<bool> {
    match (matches.get_flag(yes), matches.get_flag(no)) {
        (false, false) => None,
        (true, false) => Some(true),
        (false, true) => Some(false),
        (true, true) => Some(origin(matches, yes) >= origin(matches, no)),
    }
}

/// Two options on the command line itself that exclude each other.
pub(crate) fn clash(matches: &ArgMatches, pairs: &[(&str, &str)]) -> Option<Problem> {
    let both = |(one, other): &&(&str, &str)| is_typed(matches, one) && is_typed(matches, other);
    let (one, other) = pairs.iter().find(both)?;
    Some(conflict(&format!("--{one}"), &format!("--{other}")))
}

/// The problem of two options that exclude each other.
pub(crate) fn conflict(one: &str, other: &str) -> Problem {
    Problem::new(format!("`{one}` and `{other}` cannot be used together"))
        .with_hint("leave one of them out")
}
