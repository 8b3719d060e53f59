use std::io::{Stderr, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::Size;
use super::frame::{draw, erase, redraw};

/// A stream that goes to the terminal.
pub(super) type Stream = Arc<Mutex<dyn Write + Send>>;

/// How long lines are held back at most after those before them, unless they are many: so drawing costs little, however
/// much goes by. Less than what somebody who looks on would notice.
const PAUSE: Duration = Duration::from_millis(50);

/// How many bytes are held back at most.
const MOST: usize = 64 * 1024;

/// What stands at the bottom of the terminal, on its standard error, and the lines that are to go by above it.
pub(super) struct Standing<W = Stderr> {
    tty: W,
    lines: Vec<String>,
    size: Size,
    /// How many lines are drawn.
    drawn: usize,
    /// Whether other lines are drawn than those that are to be.
    is_stale: bool,
    /// Whether the terminal has another size than when they were drawn: it may have wrapped them.
    is_resized: bool,
    held: Vec<(Stream, Vec<u8>)>,
    bytes: usize,
    /// When lines were written last.
    written: Instant,
}

impl<W: Write> Standing<W> {
    pub(super) fn new(tty: W, size: Size) -> Self {
        Standing {
            tty,
            lines: Vec::new(),
            size,
            drawn: 0,
            is_stale: false,
            is_resized: false,
            held: Vec::new(),
            bytes: 0,
            written: Instant::now(),
        }
    }

    /// Says what is to stand there, on a terminal of this size.
    pub(super) fn set(&mut self, lines: Vec<String>, size: Size) {
        self.is_stale |= self.lines != lines;
        self.is_resized |= self.size != size;
        self.lines = lines;
        self.size = size;
    }

    /// Takes lines that are to go by. Whether they should be written now.
    pub(super) fn hold(&mut self, stream: &Stream, lines: &[u8]) -> bool {
        match self.held.last_mut() {
            Some((last, held)) if Arc::ptr_eq(last, stream) => held.extend_from_slice(lines),
            _ => self.held.push((stream.clone(), lines.to_vec())),
        }
        self.bytes += lines.len();
        self.bytes >= MOST || self.written.elapsed() >= PAUSE
    }

    /// Writes what was held back, and sees to it that what is to stand there does, if it `may`. The cursor has been moved
    /// `down` so many lines by somebody who typed.
    pub(super) fn settle(&mut self, down: usize, may: bool) {
        let mut text = String::new();
        let is_moved = down > 0 || self.is_resized || !self.held.is_empty();
        if self.drawn > 0 && may && !is_moved {
            if !self.is_stale {
                return;
            }
            if self.lines.len() <= self.drawn && !self.lines.is_empty() {
                text = redraw(&self.lines);
                self.put(&text, self.lines.len());
                return;
            }
        }
        if self.drawn > 0 {
            text = erase(down);
        }
        if !self.held.is_empty() {
            self.put(&text, 0);
            text.clear();
            self.write_held();
        }
        let drawn = if may { self.lines.len() } else { 0 };
        if drawn > 0 {
            text += &draw(&self.lines);
        }
        self.put(&text, drawn);
    }

    fn put(&mut self, text: &str, drawn: usize) {
        self.drawn = drawn;
        self.is_stale = false;
        self.is_resized = false;
        if !text.is_empty() {
            // A terminal that is gone shows nothing.
            let _ = self.tty.write_all(text.as_bytes());
            let _ = self.tty.flush();
        }
    }

    fn write_held(&mut self) {
        for (stream, lines) in self.held.drain(..) {
            // A stream is written to as a whole.
            let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = stream.write_all(&lines).and_then(|()| stream.flush());
        }
        self.bytes = 0;
        self.written = Instant::now();
    }
}
