use std::io::Write;

use super::ci::CiLog;
use super::style::Palette;

/// How much is kept before it is written: a piece of output comes out at once, with all its lines.
const MOST: usize = 256 * 1024;

/// Where something is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    /// What commands put out, and what is made of it: the standard output.
    Out,
    /// All else: the standard error.
    Err,
}

/// Both streams of a view, with their colours. What is put is whole lines, and comes out in the order in which it was
/// put.
pub(super) struct Screen {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    out_palette: Palette,
    palette: Palette,
    /// Lines that are not written yet, all for one stream.
    pending: String,
    to: To,
    log: Option<CiLog>,
    is_joined: bool,
    is_used: bool,
}

impl Screen {
    pub(super) fn new(
        out: Box<dyn Write + Send>,
        out_palette: Palette,
        err: Box<dyn Write + Send>,
        palette: Palette,
    ) -> Self {
        Screen {
            out,
            err,
            out_palette,
            palette,
            pending: String::new(),
            to: To::Err,
            log: None,
            is_joined: false,
            is_used: false,
        }
    }

    /// Shows it in the log of a service.
    pub(super) fn set_log(&mut self, log: Option<CiLog>) {
        self.log = log;
    }

    /// The service in whose log it is shown.
    pub(super) fn log(&self) -> Option<CiLog> {
        self.log
    }

    /// Shows all on the standard output from now on: a service reads both streams for itself, and what is framed on
    /// one would hold what comes on the other by chance.
    pub(super) fn join(&mut self) {
        self.is_joined = true;
    }

    /// Whether anything was put.
    pub(super) fn is_used(&self) -> bool {
        self.is_used
    }

    pub(super) fn palette(&self, to: To) -> Palette {
        match to {
            To::Err if !self.is_joined => self.palette,
            _ => self.out_palette,
        }
    }

    /// Shows whole lines.
    pub(super) fn put(&mut self, to: To, text: &str) {
        match self.log {
            Some(log) => self.put_raw(to, &log.harmless(text)),
            None => self.put_raw(to, text),
        }
    }

    /// Shows a line that begins like this.
    pub(super) fn put_line(&mut self, to: To, begin: &str, text: &str) {
        if self.log.is_some() {
            return self.put(to, &format!("{begin}{text}\n"));
        }
        for part in [begin, text, "\n"] {
            self.put_raw(to, part);
        }
    }

    /// Shows what is our own, and may be a command to the service in whose log it is.
    pub(super) fn put_raw(&mut self, to: To, text: &str) {
        let to = if self.is_joined { To::Out } else { to };
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

    /// Writes what is not written yet. A reader that went away (a closed pipe) is no reason to end a deployment.
    pub(super) fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let stream = match self.to {
            To::Out => &mut self.out,
            To::Err => &mut self.err,
        };
        let _ = stream
            .write_all(self.pending.as_bytes())
            .and_then(|()| stream.flush());
        self.pending.clear();
    }
}
