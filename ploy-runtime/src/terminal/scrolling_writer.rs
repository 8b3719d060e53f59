//! A writer of lines that scroll by above what is pinned on the terminal.

use std::io::Write;
use std::sync::{Arc, Mutex};

use super::pinned_lines::SharedWriter;
use super::screen::screen;

/// Writes whole lines to a stream that goes to the terminal. They scroll by above the pinned lines,
/// and may then be held back for a moment, so that the pinned lines are not drawn anew after each
/// of them.
pub struct ScrollingWriter(SharedWriter);

impl ScrollingWriter {
    /// What is written to `stream`, above what stands at the bottom of the terminal.
    pub fn new(stream: impl Write + Send + 'static) -> Self {
        ScrollingWriter(Arc::new(Mutex::new(stream)))
    }
}

impl Write for ScrollingWriter {
    fn write(&mut self, lines: &[u8]) -> std::io::Result<usize> {
        screen().write_lines(&self.0, lines)?;
        Ok(lines.len())
    }

    /// Does nothing: lines that are held back are written when their moment is over.
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
