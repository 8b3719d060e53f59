//! `--color`: whether what is put out has colours.

use clap::{Arg, ArgMatches};

use ploy_report::ColorChoice;

pub(crate) const ID: &str = "color";

pub(crate) fn option() -> Arg {
    Arg::new(ID)
        .long(ID)
        .value_name("WHEN")
        .value_parser(["auto", "always", "never"])
        .default_value("auto")
        .hide_default_value(true)
        .hide_possible_values(true)
        .global(true)
        .help("auto, always or never; auto heeds NO_COLOR")
}

/// Parses the option.
pub(crate) fn parse(matches: &ArgMatches) -> ColorChoice {
    match matches.get_one::<String>(ID).map(String::as_str) {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    }
}
