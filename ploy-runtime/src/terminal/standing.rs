use std::io::{Stderr, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::Size;
use super::frame::{draw, erase};

/// A stream that goes to the terminal.
pub(super) type Stream = Arc<Mutex<dyn Write + Send>>;

/// How long lines are held back at most after those before them, unless they are many: so drawing
/// costs little, however much goes by. Less than what somebody who looks on would notice.
const PAUSE: Duration = Duration::from_millis(50);

/// How many bytes are held back at most.
const MOST: usize = 64 * 1024;

/// What stands at the bottom of the terminal, on its standard error, and the lines that are to go
/// by above it.
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

    /// Writes what was held back, and sees to it that what is to stand there does, if it `may`. The
    /// cursor has been moved `down` so many lines by somebody who typed.
    pub(super) fn settle(&mut self, down: usize, may: bool) {
        let mut text = String::new();
        let is_there = self.drawn > 0 && may && !self.lines.is_empty();
        if is_there && down == 0 && !self.is_resized && self.held.is_empty() {
            if self.is_stale {
                text = draw(&self.lines);
            }
            self.put(&text, self.lines.len());
            return;
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

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size {
        columns: 80,
        rows: 24,
    };

    /// How one line, `a`, is drawn.
    const A: &str = "\rE[KE[?7l\r\naE[KE[JE[?7hE[1A\r";

    /// A terminal to which several streams go.
    #[derive(Clone, Default)]
    struct Tty(Arc<Mutex<Vec<u8>>>);

    impl Write for Tty {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl Tty {
        /// What was written since the last time, with `E` for the escape.
        fn written(&self) -> String {
            let bytes = std::mem::take(&mut *self.0.lock().unwrap());
            String::from_utf8(bytes).unwrap().replace('\x1b', "E")
        }
    }

    fn lines(lines: &[&str]) -> Vec<String> {
        lines.iter().map(ToString::to_string).collect()
    }

    fn begin(drawn: &[&str]) -> (Tty, Standing<Tty>, Stream) {
        let tty = Tty::default();
        let mut standing = Standing::new(tty.clone(), SIZE);
        standing.set(lines(drawn), SIZE);
        standing.settle(0, true);
        let stream: Stream = Arc::new(Mutex::new(tty.clone()));
        (tty, standing, stream)
    }

    #[test]
    fn the_cursor_rests_above_what_is_drawn() {
        let (tty, ..) = begin(&["a", "b"]);
        let drawn = "\rE[KE[?7l\r\naE[K\r\nbE[KE[JE[?7hE[2A\r";
        assert_eq!(tty.written(), drawn);
    }

    #[test]
    fn nothing_is_written_where_nothing_has_changed() {
        let (tty, mut standing, _) = begin(&["a", "b"]);
        tty.written();
        for _ in 0..3 {
            standing.set(lines(&["a", "b"]), SIZE);
            standing.settle(0, true);
        }
        assert_eq!(tty.written(), "");
    }

    #[test]
    fn other_lines_are_drawn_over_those_that_are_there() {
        let (tty, mut standing, _) = begin(&["a", "b"]);
        tty.written();
        standing.set(lines(&["c"]), SIZE);
        standing.settle(0, true);
        assert_eq!(tty.written(), "\rE[KE[?7l\r\ncE[KE[JE[?7hE[1A\r");
        standing.set(lines(&[]), SIZE);
        standing.settle(0, true);
        assert_eq!(tty.written(), "\rE[KE[1BE[JE[1A");
    }

    #[test]
    fn a_terminal_of_another_size_is_drawn_anew() {
        let (tty, mut standing, _) = begin(&["a"]);
        tty.written();
        let narrow = Size {
            columns: 20,
            ..SIZE
        };
        standing.set(lines(&["a"]), narrow);
        standing.settle(0, true);
        assert_eq!(tty.written(), format!("\rE[KE[1BE[JE[1A{A}"));
    }

    #[test]
    fn lines_go_by_in_their_order_above_what_is_drawn() {
        let (tty, mut standing, out) = begin(&["a"]);
        let err: Stream = Arc::new(Mutex::new(tty.clone()));
        tty.written();
        for (stream, line) in [(&out, "1\n"), (&err, "2\n"), (&err, "3\n"), (&out, "4\n")] {
            standing.hold(stream, line.as_bytes());
        }
        assert_eq!(tty.written(), "", "they are held back for a moment");
        standing.settle(0, true);
        assert_eq!(tty.written(), format!("\rE[KE[1BE[JE[1A1\n2\n3\n4\n{A}"));
    }

    #[test]
    fn many_lines_and_those_after_a_pause_are_not_held_back() {
        let (_, mut standing, out) = begin(&["a"]);
        standing.written = Instant::now();
        assert!(standing.hold(&out, &[b'x'; MOST]));
        standing.settle(0, true);
        standing.written -= PAUSE;
        assert!(standing.hold(&out, b"x"));
        standing.settle(0, true);
        assert_eq!((standing.bytes, standing.held.len()), (0, 0));
    }

    #[test]
    fn what_was_typed_is_taken_into_account() {
        let (tty, mut standing, _) = begin(&["a"]);
        tty.written();
        standing.settle(2, true);
        assert_eq!(tty.written(), format!("E[2A\rE[KE[1BE[JE[1A{A}"));
        // Nothing is drawn: the lines that were typed stay.
        standing.settle(0, false);
        assert_eq!(tty.written(), "\rE[KE[1BE[JE[1A");
        standing.settle(1, false);
        assert_eq!(tty.written(), "");
    }

    #[test]
    fn what_may_not_stand_there_is_erased_and_lines_go_by_all_the_same() {
        let (tty, mut standing, out) = begin(&["a"]);
        tty.written();
        standing.settle(0, false);
        standing.hold(&out, b"1\n");
        standing.settle(0, false);
        assert_eq!(tty.written(), "\rE[KE[1BE[JE[1A1\n");
        standing.settle(0, true);
        assert_eq!(tty.written(), A);
    }
}
