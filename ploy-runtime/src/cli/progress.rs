//! Whether what runs is drawn at the bottom of the terminal, and keys are heard.

use std::fs::File;
use std::io::{IsTerminal, stderr, stdin, stdout};
use std::os::fd::AsFd;
use std::os::unix::fs::FileTypeExt;
use std::time::Duration;

use clap::{Arg, ArgMatches};
use rustix::process::{Signal, getpid, kill_process};
use tokio::signal::unix::{SignalKind, signal};

use super::{keeping, print};
use crate::error::did_you_mean;
use crate::report::{Attendant, ColorChoice};
use crate::terminal::{Typed, screen};

/// The variable that says it where the command line does not.
const VARIABLE: &str = "PLOY_PROGRESS";

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
        .help("Show what runs at the bottom: auto or never")
}

/// Whether anything was said of it on the command line.
pub(super) fn surplus(matches: &ArgMatches) -> Option<&'static str> {
    matches.get_one::<String>("progress").map(|_| "progress")
}

impl Choice {
    /// What was said, on the command line or else in the environment; an error, and what to do about it, if the latter
    /// means nothing.
    pub(super) fn from_matches(matches: &ArgMatches) -> Result<Self, (String, String)> {
        let said = matches.get_one::<String>("progress").cloned();
        let Some(said) = said.or_else(|| std::env::var(VARIABLE).ok()) else {
            return Ok(Choice::Auto);
        };
        Choice::named(&said)
    }

    fn named(name: &str) -> Result<Self, (String, String)> {
        let found = CHOICES.into_iter().find(|(choice, _)| *choice == name);
        match found {
            Some((_, choice)) => Ok(choice),
            // As if it were not set.
            None if name.is_empty() => Ok(Choice::Auto),
            None => {
                let names = CHOICES.iter().map(|(name, _)| *name);
                let hint = did_you_mean(name, names)
                    .unwrap_or_else(|| "it may be `auto` or `never`".to_owned());
                Err((format!("`{name}` in {VARIABLE} means nothing"), hint))
            }
        }
    }

    /// Who attends to the terminal while a run goes on, if anybody has to.
    pub(super) fn attendant(self, color: ColorChoice) -> Option<Attendant> {
        if !stderr().is_terminal() || keeping::in_ci() {
            return None;
        }
        let can = std::env::var_os("TERM").is_some_and(|term| !term.is_empty() && term != "dumb");
        let draws = self == Choice::Auto && can;
        let typed = hears_keys().then(Typed::open).flatten();
        let attendant = Attendant::new(draws, typed.clone(), print::err_palette(color));
        (draws || typed.is_some()).then_some(attendant)
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
        screen().hide(true);
        // Listened for only now: one that came before is none after the stop.
        if let Ok(mut go_on) = listen(Signal::CONT)
            && kill_process(getpid(), Signal::STOP).is_ok()
        {
            go_on.recv().await;
        }
        screen().hide(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_is_read_like_the_option() {
        assert_eq!(Choice::named("auto"), Ok(Choice::Auto));
        assert_eq!(Choice::named("never"), Ok(Choice::Never));
        assert_eq!(Choice::named(""), Ok(Choice::Auto));
        let (message, hint) = Choice::named("nevr").unwrap_err();
        assert_eq!(message, "`nevr` in PLOY_PROGRESS means nothing");
        assert_eq!(hint, "did you mean `never`?");
    }
}
