//! A command, or a transfer, that runs, and the last that came of it.

use super::last_line::LastLine;
use super::row::{one_line, plain};
use ploy_core::event::{EventTime, Show, Stream};

/// The longest script that is kept, in characters.
const LONGEST: usize = 500;

/// A command, or a transfer, that runs.
#[derive(Debug)]
pub(super) struct RunningCommand {
    /// What of it may be seen.
    show: Show,
    script: String,
    /// When it began, or put something out for the last time.
    pub(super) heard: EventTime,
    out: LastLine,
    err: LastLine,
    last: Stream,
    /// How far a transfer is.
    moved: Option<String>,
}

impl RunningCommand {
    pub(super) fn new(script: &str, show: Show, time: EventTime) -> Self {
        RunningCommand {
            show,
            script: one_line(script).chars().take(LONGEST).collect(),
            heard: time,
            out: LastLine::default(),
            err: LastLine::default(),
            last: Stream::Stdout,
            moved: None,
        }
    }

    pub(super) fn push(&mut self, stream: Stream, bytes: &[u8], time: EventTime) {
        self.heard = time;
        self.last = stream;
        match (self.show, stream) {
            (Show::All, Stream::Stdout) => self.out.push(bytes),
            (Show::All | Show::Errors, Stream::Stderr) => self.err.push(bytes),
            (Show::Errors | Show::Nothing, _) => {}
        }
    }

    pub(super) fn moved(&mut self, text: String, time: EventTime) {
        self.heard = time;
        self.moved = Some(text);
    }

    /// The command itself, if it may be seen.
    pub(super) fn script(&self) -> Option<&str> {
        (self.show == Show::All).then_some(&*self.script)
    }

    /// The last that it put out, with the mark of the stream; or how far it is.
    pub(super) fn last(&self) -> Option<(&'static str, String)> {
        if let Some(moved) = self.moved.as_ref().filter(|_| self.show == Show::All) {
            return Some(("-", moved.clone()));
        }
        let streams = match self.last {
            Stream::Stdout => [("|", &self.out), ("!", &self.err)],
            Stream::Stderr => [("!", &self.err), ("|", &self.out)],
        };
        let mut shown = streams.iter().map(|(mark, last)| (*mark, last.shown()));
        let (mark, line) = shown.find(|(_, line)| !line.is_empty())?;
        Some((mark, plain(line)))
    }
}
