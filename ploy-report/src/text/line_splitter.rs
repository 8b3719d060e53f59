//! Whole lines, from the chunks in which output comes.

use std::collections::HashMap;

use ploy_core::event::{CommandKey, Stream};
use ploy_core::text::last_written;

/// The longest piece of a line that is kept until its end is there.
const LONGEST: usize = 16 * 1024;

/// Puts the lines of many streams together from the chunks in which they come.
#[derive(Debug, Default)]
pub(crate) struct LineSplitter {
    open: HashMap<(CommandKey, Stream), Vec<u8>>,
}

impl LineSplitter {
    /// Takes a chunk in and hands out each line that it completes, without its end. A line of more
    /// than 16 KiB is handed out in pieces.
    pub(crate) fn push(
        &mut self,
        command: CommandKey,
        stream: Stream,
        chunk: &[u8],
        mut line: impl FnMut(&[u8]),
    ) {
        let key = (command, stream);
        let mut open = self.open.remove(&key).unwrap_or_default();
        for part in chunk.split_inclusive(|byte| *byte == b'\n') {
            open.extend_from_slice(part);
            if part.ends_with(b"\n") {
                line(last_written(&open[..open.len() - 1]));
                open.clear();
            }
            if open.len() > LONGEST
                && let Some(last) = open[..open.len() - 1]
                    .iter()
                    .rposition(|byte| *byte == b'\r')
            {
                // What was written over is not shown; a line that may be written over next is not
                // yet.
                open.drain(..=last);
            }
            while open.len() > LONGEST {
                // No character is cut.
                let is_inside = |at: &usize| open[*at] & 0xc0 == 0x80;
                let end = (LONGEST - 3..=LONGEST).rev().find(|at| !is_inside(at));
                let end = end.unwrap_or(LONGEST);
                line(&open[..end]);
                open.drain(..end);
            }
        }
        if !open.is_empty() {
            self.open.insert(key, open);
        }
    }

    /// Hands out what a command left without a line end.
    pub(crate) fn finish(&mut self, command: CommandKey, mut line: impl FnMut(Stream, &[u8])) {
        for stream in [Stream::Stdout, Stream::Stderr] {
            if let Some(open) = self.open.remove(&(command, stream)) {
                line(stream, last_written(&open));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ploy_core::event::{ActionId, CommandId};

    const COMMAND: CommandKey = CommandKey {
        action: ActionId(1),
        command: CommandId(1),
    };

    fn lines(chunks: &[&[u8]]) -> Vec<String> {
        let mut lines = LineSplitter::default();
        let mut out = Vec::new();
        for chunk in chunks {
            lines.push(COMMAND, Stream::Stdout, chunk, |line| {
                out.push(String::from_utf8_lossy(line).into_owned());
            });
        }
        lines.finish(COMMAND, |_, line| {
            out.push(String::from_utf8_lossy(line).into_owned());
        });
        out
    }

    #[test]
    fn lines_are_whole_whatever_the_chunks() {
        assert_eq!(lines(&[b"a\nb", b"c\n", b"\n", b"d"]), ["a", "bc", "", "d"]);
        assert_eq!(lines(&[b"10%\r20%\r", b"30%\r\n"]), ["30%"]);
    }

    #[test]
    fn no_character_is_cut_and_what_was_written_over_is_not_shown() {
        let pieces = lines(&["ü€".repeat(LONGEST / 2).as_bytes()]);
        assert!(pieces.len() > 2 && pieces.iter().all(|piece| !piece.contains('\u{fffd}')));
        assert_eq!(pieces.concat(), "ü€".repeat(LONGEST / 2));
        let bar: String = (0..2000)
            .map(|done| format!("progress {done} of 2000\r"))
            .collect();
        assert_eq!(lines(&[bar.as_bytes()]), ["progress 1999 of 2000"]);
    }

    #[test]
    fn a_long_line_comes_in_pieces() {
        let long = vec![b'x'; LONGEST * 2 + 5];
        assert_eq!(
            lines(&[&long]).iter().map(String::len).collect::<Vec<_>>(),
            [LONGEST, LONGEST, 5]
        );
    }
}
