//! JSON in which no text is a command to a terminal or to the log of a service.

use std::io::{self, Write};

use serde_json::ser::Formatter;

use ploy_core::text::is_unsafe;

/// JSON that is nothing but text on a terminal, and one line to whoever splits at any line end of
/// Unicode: the characters that are more are written by their numbers, which is the same to a
/// program.
pub(super) struct InertFormatter;

impl Formatter for InertFormatter {
    fn write_string_fragment<W>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + Write,
    {
        // GitHub takes `##[error]` for a command of its own, wherever it stands in a line.
        let mut parts = fragment.split("#[");
        write_part(writer, parts.next().unwrap_or_default())?;
        for part in parts {
            writer.write_all(b"\\u0023[")?;
            write_part(writer, part)?;
        }
        Ok(())
    }
}

fn write_part(writer: &mut (impl Write + ?Sized), part: &str) -> io::Result<()> {
    let mut rest = part;
    // None of them is ASCII, but for one; those below a blank are escaped in any case.
    while !rest.bytes().all(|byte| byte < 0x7f)
        && let Some((at, c)) = rest.char_indices().find(|(_, c)| is_escaped(*c))
    {
        writer.write_all(&rest.as_bytes()[..at])?;
        write!(writer, "\\u{:04x}", u32::from(c))?;
        rest = &rest[at + c.len_utf8()..];
    }
    writer.write_all(rest.as_bytes())
}

/// All of these have four hexadecimal digits at most.
pub(super) fn is_escaped(c: char) -> bool {
    is_unsafe(c) || matches!(c, '\u{2028}' | '\u{2029}')
}
