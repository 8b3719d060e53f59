//! Lines that stay at the bottom of the terminal while others scroll by above them.

use std::io::{Stderr, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::escapes::{draw_below, erase_below};
use super::terminal_size::TerminalSize;

/// A stream that goes to the terminal.
pub(super) type SharedWriter = Arc<Mutex<dyn Write + Send>>;

/// How long lines are held back at most, unless they are many. So drawing costs little, however
/// much scrolls by; a person would not notice the delay.
const MAX_HOLD_TIME: Duration = Duration::from_millis(50);

/// How many bytes are held back at most.
const MAX_HELD: usize = 64 * 1024;

/// Lines at the bottom of the terminal, drawn on its standard error, and those that are to scroll
/// by above them.
pub(super) struct PinnedLines<W = Stderr> {
    tty: W,
    lines: Vec<String>,
    size: TerminalSize,
    /// How many lines are drawn now.
    drawn: usize,
    /// Whether other lines are drawn than those to be drawn.
    is_stale: bool,
    /// Whether the terminal was resized since they were drawn: it may have wrapped them.
    is_resized: bool,
    held: Vec<(SharedWriter, Vec<u8>)>,
    held_bytes: usize,
    /// When lines were written last.
    last_written: Instant,
}

impl<W: Write> PinnedLines<W> {
    pub(super) fn new(tty: W, size: TerminalSize) -> Self {
        PinnedLines {
            tty,
            lines: Vec::new(),
            size,
            drawn: 0,
            is_stale: false,
            is_resized: false,
            held: Vec::new(),
            held_bytes: 0,
            last_written: Instant::now(),
        }
    }

    /// Sets the lines, and the size of the terminal.
    pub(super) fn set(&mut self, lines: Vec<String>, size: TerminalSize) {
        self.is_stale |= self.lines != lines;
        self.is_resized |= self.size != size;
        self.lines = lines;
        self.size = size;
    }

    /// Takes lines that are to scroll by. Returns whether they should be written now.
    pub(super) fn hold(&mut self, stream: &SharedWriter, lines: &[u8]) -> bool {
        match self.held.last_mut() {
            Some((last, held)) if Arc::ptr_eq(last, stream) => held.extend_from_slice(lines),
            _ => self.held.push((stream.clone(), lines.to_vec())),
        }
        self.held_bytes += lines.len();
        self.held_bytes >= MAX_HELD || self.last_written.elapsed() >= MAX_HOLD_TIME
    }

    /// Writes the held lines, and draws the pinned ones, if they `can_show`. A person who typed has
    /// moved the cursor `down` by so many lines.
    pub(super) fn redraw(&mut self, down: usize, can_show: bool) {
        let mut text = String::new();
        let is_shown = self.drawn > 0 && can_show && !self.lines.is_empty();
        if is_shown && down == 0 && !self.is_resized && self.held.is_empty() {
            if self.is_stale {
                text = draw_below(&self.lines);
            }
            self.put(&text, self.lines.len());
            return;
        }
        if self.drawn > 0 {
            text = erase_below(down);
        }
        if !self.held.is_empty() {
            self.put(&text, 0);
            text.clear();
            self.write_held();
        }
        let drawn = if can_show { self.lines.len() } else { 0 };
        if drawn > 0 {
            text += &draw_below(&self.lines);
        }
        self.put(&text, drawn);
    }

    fn put(&mut self, text: &str, drawn: usize) {
        self.drawn = drawn;
        self.is_stale = false;
        self.is_resized = false;
        if !text.is_empty() {
            // Fails if the terminal is gone.
            let _ = self.tty.write_all(text.as_bytes());
            let _ = self.tty.flush();
        }
    }

    fn write_held(&mut self) {
        for (stream, lines) in self.held.drain(..) {
            // One line in the middle of another would tear both, so a stream is written whole.
            let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = stream.write_all(&lines).and_then(|()| stream.flush());
        }
        self.held_bytes = 0;
        self.last_written = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: TerminalSize = TerminalSize {
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

    fn begin(drawn: &[&str]) -> (Tty, PinnedLines<Tty>, SharedWriter) {
        let tty = Tty::default();
        let mut pinned = PinnedLines::new(tty.clone(), SIZE);
        pinned.set(lines(drawn), SIZE);
        pinned.redraw(0, true);
        let stream: SharedWriter = Arc::new(Mutex::new(tty.clone()));
        (tty, pinned, stream)
    }

    #[test]
    fn the_cursor_rests_above_what_is_drawn() {
        let (tty, ..) = begin(&["a", "b"]);
        let drawn = "\rE[KE[?7l\r\naE[K\r\nbE[KE[JE[?7hE[2A\r";
        assert_eq!(tty.written(), drawn);
    }

    #[test]
    fn nothing_is_written_where_nothing_has_changed() {
        let (tty, mut pinned, _) = begin(&["a", "b"]);
        tty.written();
        for _ in 0..3 {
            pinned.set(lines(&["a", "b"]), SIZE);
            pinned.redraw(0, true);
        }
        assert_eq!(tty.written(), "");
    }

    #[test]
    fn other_lines_are_drawn_over_those_that_are_there() {
        let (tty, mut pinned, _) = begin(&["a", "b"]);
        tty.written();
        pinned.set(lines(&["c"]), SIZE);
        pinned.redraw(0, true);
        assert_eq!(tty.written(), "\rE[KE[?7l\r\ncE[KE[JE[?7hE[1A\r");
        pinned.set(lines(&[]), SIZE);
        pinned.redraw(0, true);
        assert_eq!(tty.written(), "\rE[KE[1BE[JE[1A");
    }

    #[test]
    fn a_terminal_of_another_size_is_drawn_anew() {
        let (tty, mut pinned, _) = begin(&["a"]);
        tty.written();
        let narrow = TerminalSize {
            columns: 20,
            ..SIZE
        };
        pinned.set(lines(&["a"]), narrow);
        pinned.redraw(0, true);
        assert_eq!(tty.written(), format!("\rE[KE[1BE[JE[1A{A}"));
    }

    #[test]
    fn lines_scroll_by_in_order_above_what_is_drawn() {
        let (tty, mut pinned, out) = begin(&["a"]);
        let err: SharedWriter = Arc::new(Mutex::new(tty.clone()));
        tty.written();
        for (stream, line) in [(&out, "1\n"), (&err, "2\n"), (&err, "3\n"), (&out, "4\n")] {
            pinned.hold(stream, line.as_bytes());
        }
        assert_eq!(tty.written(), "", "they are held back for a moment");
        pinned.redraw(0, true);
        assert_eq!(tty.written(), format!("\rE[KE[1BE[JE[1A1\n2\n3\n4\n{A}"));
    }

    #[test]
    fn many_lines_and_those_after_a_pause_are_not_held_back() {
        let (_, mut pinned, out) = begin(&["a"]);
        pinned.last_written = Instant::now();
        assert!(pinned.hold(&out, &[b'x'; MAX_HELD]));
        pinned.redraw(0, true);
        pinned.last_written -= MAX_HOLD_TIME;
        assert!(pinned.hold(&out, b"x"));
        pinned.redraw(0, true);
        assert_eq!((pinned.held_bytes, pinned.held.len()), (0, 0));
    }

    #[test]
    fn lines_that_were_typed_move_the_cursor() {
        let (tty, mut pinned, _) = begin(&["a"]);
        tty.written();
        pinned.redraw(2, true);
        assert_eq!(tty.written(), format!("E[2A\rE[KE[1BE[JE[1A{A}"));
        // Nothing is drawn: the lines that were typed stay.
        pinned.redraw(0, false);
        assert_eq!(tty.written(), "\rE[KE[1BE[JE[1A");
        pinned.redraw(1, false);
        assert_eq!(tty.written(), "");
    }

    #[test]
    fn hidden_lines_are_erased_and_others_still_scroll_by() {
        let (tty, mut pinned, out) = begin(&["a"]);
        tty.written();
        pinned.redraw(0, false);
        pinned.hold(&out, b"1\n");
        pinned.redraw(0, false);
        assert_eq!(tty.written(), "\rE[KE[1BE[JE[1A1\n");
        pinned.redraw(0, true);
        assert_eq!(tty.written(), A);
    }
}
