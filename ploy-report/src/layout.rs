//! What a view is asked: where the lines go that are told of a run.

use std::time::Duration;

use super::owner::LineOwner;
use super::roster::Roster;
use super::screen::{Screen, To};
use super::style::Palette;
use super::summary::duration;
use crate::event::{Event, TaskResult};
use crate::text::safe;

/// Lays out what is told of a run. It is told each line when its event comes, and then of the event itself.
pub(super) trait Layout: Send {
    /// Takes a line.
    fn told(&mut self, screen: &mut Screen, roster: &Roster, told: &Told<'_>);

    /// Takes an event, after all lines that it makes; `roster` still knows whom it is about. The end of the run comes
    /// before what is said of it.
    fn event(&mut self, _screen: &mut Screen, _roster: &Roster, _event: &Event) {}
}

/// A line about a site.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told<'a> {
    pub(super) of: LineOwner,
    pub(super) site: &'a str,
    pub(super) said: Said,
    /// One line, as it came.
    pub(super) text: &'a [u8],
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// A command.
    Command,
    /// A line of its standard output.
    Stdout,
    /// A line of its standard error.
    Stderr,
    /// What the job reports.
    Report,
    /// What the job says to whoever looks for a mistake.
    Debug,
    /// Something else that happened.
    Remark,
    /// The same, of use only now: how far something is, or that it takes long.
    Meanwhile,
    /// A particular that is shown to who asks for particulars.
    Detail,
    /// The task ended so, after so long.
    Ended(TaskResult, Duration),
    /// The task will not start.
    Skipped,
}

impl Said {
    /// Where it is shown as it comes.
    pub(super) fn to(self) -> To {
        match self {
            Said::Stdout | Said::Stderr => To::Out,
            _ => To::Err,
        }
    }

    pub(super) fn mark(self, palette: Palette) -> String {
        match self {
            Said::Command => palette.faint("$"),
            Said::Stdout => palette.faint("|"),
            Said::Stderr => palette.warning("!"),
            Said::Report => palette.strong(">"),
            Said::Debug => "?".to_owned(),
            Said::Detail => palette.faint("."),
            Said::Remark | Said::Meanwhile | Said::Skipped => palette.warning("-"),
            Said::Ended(TaskResult::Succeeded, _) => palette.good("="),
            Said::Ended(TaskResult::Failed | TaskResult::Unreachable, _) => palette.error("x"),
            Said::Ended(TaskResult::Cancelled, _) => palette.warning("-"),
        }
    }
}

impl Said {
    /// A line of this kind, made safe: its mark and its text.
    pub(super) fn line(self, palette: Palette, text: &[u8]) -> String {
        let mark = self.mark(palette);
        let text = safe(text);
        match self {
            Said::Ended(result, took) => {
                let how = ended(&text, result);
                let time = palette.faint(format_args!("({})", duration(took)));
                format!("{mark} {how} {time}")
            }
            Said::Detail => format!("{mark} {}", palette.faint(text)),
            _ => format!("{mark} {text}"),
        }
    }
}

impl Told<'_> {
    /// The line, made safe: its mark and its text.
    pub(super) fn line(&self, palette: Palette) -> String {
        self.said.line(palette, self.text)
    }

    /// Shows the line at once, with its site before it.
    pub(super) fn show(&self, screen: &mut Screen, roster: &Roster) {
        let to = self.said.to();
        let palette = screen.palette(to);
        let prefix = roster.prefix(palette, self.site);
        screen.put(to, &format!("{prefix} {}\n", self.line(palette)));
    }
}

/// A job, and how it ended.
pub(super) fn ended(job: &str, result: TaskResult) -> String {
    match result {
        TaskResult::Succeeded => job.to_owned(),
        TaskResult::Failed => format!("{job} failed"),
        TaskResult::Unreachable => format!("{job}: the site is unreachable"),
        TaskResult::Cancelled => format!("{job} was cancelled"),
    }
}
