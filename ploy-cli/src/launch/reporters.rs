//! Who is told of a run: the view, and programs.

use std::io::{self, ErrorKind, Write, stderr, stdout};
#[cfg(feature = "junit")]
use std::path::PathBuf;

use crate::options::output::{Output, View};
use crate::options::reports::{Annotate, ReportOptions};
use crate::terminal::messages;
use crate::terminal::streams::{above_questions, err_palette, out_palette};
use ploy_core::error::Problem;
#[cfg(feature = "junit")]
use ploy_report::Junit;
use ploy_report::{Annotations, Arrangement, CiLog, ColorChoice, Json, RetryCommand, TextView};
use ploy_runtime::engine::Runner;

/// The reporters of a run, found to be possible.
pub(crate) struct Reporters {
    output: Output,
    color: ColorChoice,
    annotates: bool,
    #[cfg(feature = "junit")]
    junit: Option<Junit>,
}

impl Reporters {
    /// Finds out whether all that is to be written can be.
    pub(crate) fn open(
        options: &ReportOptions,
        output: Output,
        color: ColorChoice,
    ) -> Result<Self, Problem> {
        Ok(Reporters {
            output,
            color,
            annotates: match options.annotations {
                Annotate::GitHub => true,
                Annotate::Nowhere => false,
                Annotate::Auto => CiLog::detect() == Some(CiLog::GitHub),
            },
            #[cfg(feature = "junit")]
            junit: match &options.junit {
                Some(path) => Some(junit(path.clone(), color)?),
                None => None,
            },
        })
    }

    /// Adds all of them to a runner.
    pub(crate) fn attach(self, mut runner: Runner, retry: Option<RetryCommand>) -> Runner {
        // Before the view: a terminal that is stopped holds up those that come after it.
        #[cfg(feature = "junit")]
        if let Some(junit) = self.junit {
            runner = runner.reporter(junit);
        }
        runner = match self.output.view {
            View::Json => runner.reporter(Json::new(WarnOnError {
                out: above_questions(stdout()),
                color: self.color,
            })),
            _ => runner.reporter(plain(self.output, self.color, retry)),
        };
        if self.annotates {
            // GitHub reads both streams, and standard output is what commands put out.
            runner = runner.reporter(Annotations::github(above_questions(stderr())));
        }
        runner
    }
}

/// The view for people, on the standard streams.
fn plain(output: Output, color: ColorChoice, retry: Option<RetryCommand>) -> TextView {
    let log = CiLog::detect();
    let arrangement = match output.view {
        View::Auto | View::Group if log.is_some() => Arrangement::Group,
        View::Auto | View::Stream | View::Json => Arrangement::Stream,
        View::Group => Arrangement::Group,
        View::Fold => Arrangement::Fold,
        View::Diff => Arrangement::Diff,
        View::Table => Arrangement::Table { width: width() },
        View::Quiet => Arrangement::Quiet,
    };
    let plain = TextView::new(
        above_questions(stdout()),
        out_palette(color),
        above_questions(stderr()),
        err_palette(color),
    )
    .arranged(arrangement)
    .detail(output.detail)
    .in_log(log);
    match retry {
        Some(retry) => plain.retry_command(retry),
        None => plain,
    }
}

/// How wide the terminal is on which the standard output is.
fn width() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(stdout()).ok()?;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

#[cfg(feature = "junit")]
fn junit(path: PathBuf, color: ColorChoice) -> Result<Junit, Problem> {
    let message =
        |error: &io::Error| format!("cannot write the report `{}`: {error}", path.display());
    let junit = Junit::to_file(&path).map_err(|error| {
        let problem = Problem::new(message(&error));
        match error.kind() {
            ErrorKind::NotFound => problem.with_hint("make the folder first"),
            _ => problem,
        }
    })?;
    Ok(junit.on_error(move |error| {
        let message = format!("cannot write the report `{}`: {error}", path.display());
        messages::warning(color, &message, None);
    }))
}

/// Warns where events cannot be written. It does so once, as no more are written after that; a
/// reader that has gone away knows.
struct WarnOnError<W> {
    out: W,
    color: ColorChoice,
}

impl<W> WarnOnError<W> {
    fn warned<T>(&self, result: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &result
            && !matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::Interrupted)
        {
            let message = format!("cannot write all events: {error}");
            messages::warning(self.color, &message, None);
        }
        result
    }
}

impl<W: Write> Write for WarnOnError<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes);
        self.warned(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.out.flush();
        self.warned(flushed)
    }
}
