//! How a run is shown.

use clap::builder::PossibleValue;
use clap::{Arg, ArgMatches};

/// What of a run goes to standard output and standard error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Output {
    /// As it suits people.
    #[default]
    Auto,
    /// Each line as it comes, with its site before it.
    Stream,
    /// Each event as a line of JSON on standard output, and nothing of it on standard error.
    Json,
}

/// The heading of all options about what is put out.
pub(super) const HEADING: &str = "Output";

pub(super) fn options() -> [Arg; 1] {
    [Arg::new("output")
        .long("output")
        .short('o')
        .value_name("VIEW")
        .value_parser([
            PossibleValue::new("auto"),
            PossibleValue::new("stream"),
            PossibleValue::new("json").alias("jsonl"),
        ])
        .hide_possible_values(true)
        .global(true)
        .help_heading(HEADING)
        .help("auto, stream, or json: an event a line")]
}

impl Output {
    /// What was said, if anything was.
    pub(super) fn from_matches(matches: &ArgMatches) -> Option<Self> {
        let name = matches.get_one::<String>("output")?;
        Some(match name.as_str() {
            "json" | "jsonl" => Output::Json,
            "stream" => Output::Stream,
            _ => Output::Auto,
        })
    }
}
