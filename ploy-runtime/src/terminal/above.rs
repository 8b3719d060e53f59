use std::io::Write;
use std::sync::{Arc, Mutex};

use super::screen;
use super::standing::Stream;

/// A stream that goes to the terminal, in whole lines: they are put above what stands there. While
/// something does, they may be held back for a moment, so that it is not drawn anew after each of
/// them.
pub struct Above(Stream);

impl Above {
    /// What is written to `stream`, above what stands at the bottom of the terminal.
    pub fn new(stream: impl Write + Send + 'static) -> Self {
        Above(Arc::new(Mutex::new(stream)))
    }
}

impl Write for Above {
    fn write(&mut self, lines: &[u8]) -> std::io::Result<usize> {
        screen().put(&self.0, lines)?;
        Ok(lines.len())
    }

    /// Nothing to do: what is held back is written when its moment is over.
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
