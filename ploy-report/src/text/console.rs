//! The two streams to which a view writes.

use std::io::Write;

use crate::ci_log::CiLog;
use crate::palette::Palette;

/// How much is kept before it is written: a piece of output comes out at once, with all its lines.
const MOST: usize = 256 * 1024;

/// Where something is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConsoleStream {
    /// What commands put out, and what is made of it: the standard output.
    Out,
    /// All else: the standard error.
    Err,
}

/// Both streams of a view, with their colours. What is put is whole lines, and comes out in the
/// order in which it was put.
pub(crate) struct Console {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    out_palette: Palette,
    palette: Palette,
    /// Lines that are not written yet, all for one stream.
    pending: String,
    to: ConsoleStream,
    log: Option<CiLog>,
    is_joined: bool,
    is_used: bool,
}

impl Console {
    pub(crate) fn new(
        out: Box<dyn Write + Send>,
        out_palette: Palette,
        err: Box<dyn Write + Send>,
        palette: Palette,
    ) -> Self {
        Console {
            out,
            err,
            out_palette,
            palette,
            pending: String::new(),
            to: ConsoleStream::Err,
            log: None,
            is_joined: false,
            is_used: false,
        }
    }

    /// Shows it in the log of a service.
    pub(crate) fn set_log(&mut self, log: Option<CiLog>) {
        self.log = log;
    }

    /// The service in whose log it is shown.
    pub(crate) fn log(&self) -> Option<CiLog> {
        self.log
    }

    /// Shows all on the standard output from now on: a service reads both streams for itself, and
    /// what is framed on one would hold what comes on the other by chance.
    pub(crate) fn join(&mut self) {
        self.is_joined = true;
    }

    /// Whether anything was put.
    pub(crate) fn is_used(&self) -> bool {
        self.is_used
    }

    pub(crate) fn palette(&self, to: ConsoleStream) -> Palette {
        match to {
            ConsoleStream::Err if !self.is_joined => self.palette,
            _ => self.out_palette,
        }
    }

    /// Writes whole lines.
    pub(crate) fn write(&mut self, to: ConsoleStream, text: &str) {
        match self.log {
            Some(log) => self.write_raw(to, &log.harmless(text)),
            None => self.write_raw(to, text),
        }
    }

    /// Writes a line that begins like this.
    pub(crate) fn write_line(&mut self, to: ConsoleStream, begin: &str, text: &str) {
        if self.log.is_some() {
            return self.write(to, &format!("{begin}{text}\n"));
        }
        for part in [begin, text, "\n"] {
            self.write_raw(to, part);
        }
    }

    /// Writes what is our own, and may be a command to the service in whose log it is.
    pub(crate) fn write_raw(&mut self, to: ConsoleStream, text: &str) {
        let to = if self.is_joined {
            ConsoleStream::Out
        } else {
            to
        };
        if to != self.to {
            self.flush();
            self.to = to;
        }
        self.is_used |= !text.is_empty();
        self.pending.push_str(text);
        if self.pending.len() >= MOST && self.pending.ends_with('\n') {
            self.flush();
        }
    }

    /// Writes what is not written yet. A reader that went away (a closed pipe) is no reason to end
    /// a deployment.
    pub(crate) fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let stream = match self.to {
            ConsoleStream::Out => &mut self.out,
            ConsoleStream::Err => &mut self.err,
        };
        let _ = stream
            .write_all(self.pending.as_bytes())
            .and_then(|()| stream.flush());
        self.pending.clear();
    }
}
