//! A line about a site, and what kind of line it is.

use std::time::Duration;

use super::context::ViewContext;
use crate::palette::Palette;
use crate::quantities::duration;
use crate::text::console::{Console, ConsoleStream};
use crate::text::line_owner::LineOwner;
use ploy_core::event::TaskResult;
use ploy_core::text::safe;

/// A line about a site.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReportLine<'a> {
    pub(crate) owner: LineOwner,
    pub(crate) site: &'a str,
    pub(crate) kind: LineKind,
    /// One line, as it came.
    pub(crate) text: &'a [u8],
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineKind {
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

impl LineKind {
    /// Where it is written as it comes.
    pub(crate) fn stream(self) -> ConsoleStream {
        match self {
            LineKind::Stdout | LineKind::Stderr => ConsoleStream::Out,
            _ => ConsoleStream::Err,
        }
    }

    pub(crate) fn mark(self, palette: Palette) -> String {
        match self {
            LineKind::Command => palette.faint("$"),
            LineKind::Stdout => palette.faint("|"),
            LineKind::Stderr => palette.warning("!"),
            LineKind::Report => palette.strong(">"),
            LineKind::Debug => "?".to_owned(),
            LineKind::Detail => palette.faint("."),
            LineKind::Remark | LineKind::Meanwhile | LineKind::Skipped => palette.warning("-"),
            LineKind::Ended(TaskResult::Succeeded, _) => palette.good("="),
            LineKind::Ended(TaskResult::Failed | TaskResult::Unreachable, _) => palette.error("x"),
            LineKind::Ended(TaskResult::Cancelled, _) => palette.warning("-"),
        }
    }

    /// A line of this kind, made safe: its mark and its text.
    pub(crate) fn line(self, palette: Palette, text: &[u8]) -> String {
        let mark = self.mark(palette);
        let text = safe(text);
        match self {
            LineKind::Ended(result, took) => {
                let how = ended(&text, result);
                let time = palette.faint(format_args!("({})", duration(took)));
                format!("{mark} {how} {time}")
            }
            LineKind::Detail => format!("{mark} {}", palette.faint(text)),
            _ => format!("{mark} {text}"),
        }
    }
}

impl ReportLine<'_> {
    /// The line, made safe: its mark and its text.
    pub(crate) fn line(&self, palette: Palette) -> String {
        self.kind.line(palette, self.text)
    }

    /// Writes the line at once, with its site before it.
    pub(crate) fn write(&self, console: &mut Console, context: &ViewContext) {
        let to = self.kind.stream();
        let palette = console.palette(to);
        let prefix = context.prefix(palette, self.site);
        console.write(to, &format!("{prefix} {}\n", self.line(palette)));
    }
}

/// A job, and how it ended.
pub(crate) fn ended(job: &str, result: TaskResult) -> String {
    match result {
        TaskResult::Succeeded => job.to_owned(),
        TaskResult::Failed => format!("{job} failed"),
        TaskResult::Unreachable => format!("{job}: the site is unreachable"),
        TaskResult::Cancelled => format!("{job} was cancelled"),
    }
}
