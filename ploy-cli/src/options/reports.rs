//! Options about reports for programs: a JUnit file, and annotations for CI.

#[cfg(feature = "junit")]
use std::path::PathBuf;

use clap::{Arg, ArgMatches};

use super::output::HEADING;

/// Which programs are told of the run, besides the view.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReportOptions {
    pub(crate) annotations: Annotate,
    /// The file of the JUnit report.
    #[cfg(feature = "junit")]
    pub(crate) junit: Option<PathBuf>,
}

/// Where failures are annotated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Annotate {
    /// On GitHub, if the run is in GitHub Actions.
    #[default]
    Auto,
    GitHub,
    Nowhere,
}

pub(crate) fn options() -> Vec<Arg> {
    let option = |name: &'static str, value: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name(value)
            .global(true)
            .help_heading(HEADING)
    };
    vec![
        #[cfg(feature = "junit")]
        option("junit", "FILE")
            .value_parser(clap::value_parser!(PathBuf))
            .help("Write a JUnit report when the run ends"),
        option("annotations", "WHERE")
            .value_parser(["auto", "github", "none"])
            .hide_possible_values(true)
            .help("Failures for CI: auto, github or none"),
    ]
}

impl ReportOptions {
    pub(crate) fn parse(matches: &ArgMatches) -> Self {
        let annotations = matches.get_one::<String>("annotations");
        ReportOptions {
            annotations: match annotations.map(String::as_str) {
                Some("github") => Annotate::GitHub,
                Some("none") => Annotate::Nowhere,
                _ => Annotate::Auto,
            },
            #[cfg(feature = "junit")]
            junit: matches.get_one::<PathBuf>("junit").cloned(),
        }
    }
}
