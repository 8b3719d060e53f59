//! Whether what runs is drawn at the bottom of the terminal, and keys are heard.

use std::fs::File;
use std::io::{IsTerminal, stderr, stdin, stdout};
use std::os::fd::AsFd;
use std::os::unix::fs::FileTypeExt;
use std::time::Duration;

use clap::{Arg, ArgMatches};
use rustix::process::{Signal, getpid, kill_process};
use tokio::signal::unix::{SignalKind, signal};

use super::live::LiveView;
use super::output::{HEADING, Output, View};
use super::{keeping, print};
use ploy_report::ColorChoice;
use ploy_runtime::terminal::{TypedLines, screen};

/// When what runs is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Choice {
    /// On a terminal that can, and not in CI.
    #[default]
    Auto,
    Never,
}

const CHOICES: [(&str, Choice); 2] = [("auto", Choice::Auto), ("never", Choice::Never)];

pub(super) fn option() -> Arg {
    Arg::new("progress")
        .long("progress")
        .value_name("WHEN")
        .value_parser(CHOICES.map(|(name, _)| name))
        .hide_possible_values(true)
        .global(true)
        .help_heading(HEADING)
        .help("Draw what runs on a terminal: auto or never")
}

impl Choice {
    /// What was said.
    pub(super) fn from_matches(matches: &ArgMatches) -> Self {
        let said = matches.get_one::<String>("progress");
        let found = CHOICES
            .into_iter()
            .find(|(name, _)| said.is_some_and(|said| said == name));
        found.map(|(_, choice)| choice).unwrap_or_default()
    }

    /// The live view, if a terminal is to be drawn on or read.
    pub(super) fn live_view(self, color: ColorChoice, output: Output) -> Option<LiveView> {
        // Who reads events, or wants to hear of failures alone, wants nothing else on the terminal.
        if matches!(output.view, View::Json | View::Quiet)
            || !stderr().is_terminal()
            || keeping::in_ci()
        {
            return None;
        }
        let can = std::env::var_os("TERM").is_some_and(|term| !term.is_empty() && term != "dumb");
        let draws = self == Choice::Auto && can;
        let typed = hears_keys().then(TypedLines::open).flatten();
        let live_view = LiveView::new(draws, typed.clone(), print::err_palette(color));
        (draws || typed.is_some()).then_some(live_view)
    }
}

/// Whether what is typed can be meant for us: not where the standard input is something else, nor where what we put out
/// goes to another program, such as a pager, which may want to hear keys itself.
fn hears_keys() -> bool {
    stdin().is_terminal() && !is_pipe(&stdout())
}

fn is_pipe(stream: &impl AsFd) -> bool {
    let file = stream.as_fd().try_clone_to_owned().map(File::from);
    let kind = file.and_then(|file| file.metadata());
    // What cannot be looked at may be one.
    kind.map_or(true, |data| {
        data.file_type().is_fifo() || data.file_type().is_socket()
    })
}

/// Sees to it that nothing is left on the terminal: not when the run has ended, however it has, and not while this process
/// is stopped. Until it is dropped.
pub(super) struct Tidy {
    stops: Option<tokio::task::JoinHandle<()>>,
}

impl Tidy {
    /// Begins, for a run of which something is drawn or nothing.
    pub(super) fn begin(draws: bool) -> Self {
        Tidy {
            stops: draws.then(|| tokio::spawn(tidy_stops())),
        }
    }
}

impl Drop for Tidy {
    fn drop(&mut self) {
        if let Some(stops) = self.stops.take() {
            stops.abort();
            // Whoever draws does so itself, unless it was given up. A terminal that is stopped is not waited for.
            screen().clear_within(Duration::from_millis(500));
        }
    }
}

/// Erases what is drawn before this process stops by Ctrl-Z, and lets it be drawn again when it goes on.
async fn tidy_stops() {
    let listen = |kind: Signal| signal(SignalKind::from_raw(kind.as_raw()));
    let Ok(mut stop) = listen(Signal::TSTP) else {
        return;
    };
    while stop.recv().await.is_some() {
        screen().set_hidden(true);
        // Listened for only now: one that came before is none after the stop.
        if let Ok(mut go_on) = listen(Signal::CONT)
            && kill_process(getpid(), Signal::STOP).is_ok()
        {
            go_on.recv().await;
        }
        screen().set_hidden(false);
    }
}
