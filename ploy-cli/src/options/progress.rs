//! `--progress`: whether what runs is drawn at the bottom of the terminal.

use clap::{Arg, ArgMatches};

use super::output::HEADING;

/// When what runs is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ProgressOption {
    /// On a terminal that can, and not in CI.
    #[default]
    Auto,
    Never,
}

const VALUES: [(&str, ProgressOption); 2] = [
    ("auto", ProgressOption::Auto),
    ("never", ProgressOption::Never),
];

pub(crate) fn option() -> Arg {
    Arg::new("progress")
        .long("progress")
        .value_name("WHEN")
        .value_parser(VALUES.map(|(name, _)| name))
        .hide_possible_values(true)
        .global(true)
        .help_heading(HEADING)
        .help("Draw what runs on a terminal: auto or never")
}

impl ProgressOption {
    pub(crate) fn parse(matches: &ArgMatches) -> Self {
        let given = matches.get_one::<String>("progress");
        let found = VALUES
            .into_iter()
            .find(|(name, _)| given.is_some_and(|given| given == name));
        found.map(|(_, option)| option).unwrap_or_default()
    }
}
