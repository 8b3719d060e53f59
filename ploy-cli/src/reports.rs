//! Who is told of a run: the view, and programs.

use std::io::{self, ErrorKind, Write, stderr, stdout};
#[cfg(feature = "junit")]
use std::path::PathBuf;

use clap::{Arg, ArgMatches};

use super::output::{HEADING, Output, View};
use super::print;
use ploy_core::error::Problem;
#[cfg(feature = "junit")]
use ploy_report::Junit;
use ploy_report::{Annotations, CiLog, ColorChoice, Json, RetryCommand};
use ploy_runtime::engine::Runner;

/// What the command line says of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Reports {
    /// Whether failures are told to GitHub; where the environment says so, unless it was said.
    annotations: Option<bool>,
    #[cfg(feature = "junit")]
    junit: Option<PathBuf>,
}

/// Those that have been found to be possible.
pub(super) struct Opened {
    reports: Reports,
    #[cfg(feature = "junit")]
    junit: Option<Junit>,
}

pub(super) fn options() -> Vec<Arg> {
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

impl Reports {
    pub(super) fn from_matches(matches: &ArgMatches) -> Self {
        let annotations = matches.get_one::<String>("annotations");
        Reports {
            annotations: annotations.map(|name| match name.as_str() {
                "github" => true,
                "none" => false,
                _ => is_github(),
            }),
            #[cfg(feature = "junit")]
            junit: matches.get_one::<PathBuf>("junit").cloned(),
        }
    }

    /// Finds out whether all that is to be written can be.
    pub(super) fn open(self, color: ColorChoice) -> Result<Opened, Problem> {
        #[cfg(feature = "junit")]
        let junit = match &self.junit {
            Some(path) => Some(junit(path.clone(), color)?),
            None => None,
        };
        #[cfg(not(feature = "junit"))]
        let _ = color;
        Ok(Opened {
            reports: self,
            #[cfg(feature = "junit")]
            junit,
        })
    }
}

impl Opened {
    /// Adds all that are told of the run.
    pub(super) fn attach(
        self,
        mut runner: Runner,
        color: ColorChoice,
        output: Output,
        again: Option<RetryCommand>,
    ) -> Runner {
        // Before the view: a terminal that is stopped holds up those that come after it.
        #[cfg(feature = "junit")]
        if let Some(junit) = self.junit {
            runner = runner.reporter(junit);
        }
        runner = match output.view {
            View::Json => runner.reporter(Json::new(Candid {
                out: print::beside_questions(stdout()),
                color,
            })),
            _ => runner.reporter(output.reporter(color, again)),
        };
        if self.reports.annotations.unwrap_or_else(is_github) {
            // GitHub reads both streams, and standard output is what commands put out.
            runner = runner.reporter(Annotations::github(print::beside_questions(stderr())));
        }
        runner
    }
}

/// Whether this runs in GitHub Actions.
fn is_github() -> bool {
    CiLog::detect() == Some(CiLog::GitHub)
}

#[cfg(feature = "junit")]
fn junit(path: PathBuf, color: ColorChoice) -> Result<Junit, Problem> {
    let said = |error: &io::Error| format!("cannot write the report `{}`: {error}", path.display());
    let junit = Junit::to_file(&path).map_err(|error| {
        let problem = Problem::new(said(&error));
        match error.kind() {
            ErrorKind::NotFound => problem.with_hint("make the folder first"),
            _ => problem,
        }
    })?;
    Ok(junit.on_error(move |error| {
        let message = format!("cannot write the report `{}`: {error}", path.display());
        print::warning(color, &message, None);
    }))
}

/// Tells that events could not be written, once: no more are written after that. A reader that has gone away knows.
struct Candid<W> {
    out: W,
    color: ColorChoice,
}

impl<W> Candid<W> {
    fn told<T>(&self, result: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &result
            && !matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::Interrupted)
        {
            let message = format!("cannot write all events: {error}");
            print::warning(self.color, &message, None);
        }
        result
    }
}

impl<W: Write> Write for Candid<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes);
        self.told(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.out.flush();
        self.told(flushed)
    }
}
