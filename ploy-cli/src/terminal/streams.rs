//! The standard streams: what is written to them, and in which colours.

use std::io::{IsTerminal, Write};

use ploy_report::{CiLog, ColorChoice, Palette};
use ploy_runtime::secret::masked;
use ploy_runtime::terminal::ScrollingWriter;

/// Writes to standard output. A reader that went away is no error.
pub(crate) fn out(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

/// Writes to standard output what has words of others in it. The log of a CI takes none of it for a
/// command.
pub(crate) fn out_foreign(text: &str) {
    let text = masked(text);
    match CiLog::detect() {
        Some(log) => out(&log.harmless(&text)),
        None => out(&text),
    }
}

/// The colours of standard output.
pub(crate) fn out_palette(color: ColorChoice) -> Palette {
    Palette::choose(color, &std::io::stdout())
}

/// The colours of standard error.
pub(crate) fn err_palette(color: ColorChoice) -> Palette {
    Palette::choose(color, &std::io::stderr())
}

/// A stream that writes above what stands at the bottom of the terminal: a question, or the live
/// view.
pub(crate) fn above_questions(
    stream: impl Write + IsTerminal + Send + 'static,
) -> Box<dyn Write + Send> {
    if stream.is_terminal() {
        Box::new(ScrollingWriter::new(stream))
    } else {
        Box::new(stream)
    }
}
