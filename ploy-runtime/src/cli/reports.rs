//! Who is told of a run: the view, and programs.

use std::io::{self, ErrorKind, Write, stderr, stdout};

use clap::{Arg, ArgMatches};

use super::output::Output;
use super::print;
use crate::engine::Runner;
use crate::report::{ColorChoice, Json, Plain};

/// What the command line says of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Reports {
    output: Option<Output>,
}

pub(super) fn options() -> Vec<Arg> {
    Vec::new()
}

impl Reports {
    pub(super) fn from_matches(matches: &ArgMatches) -> Self {
        Reports {
            output: Output::from_matches(matches),
        }
    }

    /// The option that says something, if one does.
    pub(super) fn surplus(&self) -> Option<&'static str> {
        self.output.map(|_| "output")
    }

    /// Adds all that are told of the run.
    pub(super) fn attach(self, runner: Runner, color: ColorChoice) -> Runner {
        match self.output.unwrap_or_default() {
            Output::Json => runner.reporter(Json::new(Candid {
                out: print::beside_questions(stdout()),
                color,
            })),
            Output::Auto | Output::Stream => runner.reporter(Plain::new(
                print::beside_questions(stdout()),
                print::out_palette(color),
                print::beside_questions(stderr()),
                print::err_palette(color),
            )),
        }
    }
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
