//! The last line of a stream.

use memchr::{memchr, memrchr};

use ploy_core::text::last_written;

/// How much of a line is kept, in bytes: more than a terminal is wide.
const LONGEST: usize = 1024;

/// How many empty lines are looked behind.
const EMPTY: usize = 16;

/// The last line of a stream that is not empty, from the chunks in which it comes. It costs little,
/// however much comes.
#[derive(Debug, Default)]
pub(super) struct LastLine {
    line: Vec<u8>,
    /// What has come of the next line.
    open: Vec<u8>,
}

impl LastLine {
    pub(super) fn push(&mut self, chunk: &[u8]) {
        let Some(end) = memrchr(b'\n', chunk) else {
            self.extend(chunk);
            return;
        };
        // The first line of the chunk may have begun in another one.
        let first = memchr(b'\n', chunk).unwrap_or(end);
        let mut rest = end;
        for _ in 0..EMPTY {
            let begin = memrchr(b'\n', &chunk[..rest]).map_or(0, |at| at + 1);
            if rest == first {
                self.extend(&chunk[..first]);
                if !is_empty(&self.open) {
                    self.line.clone_from(&self.open);
                }
                break;
            }
            if !is_empty(&chunk[begin..rest]) {
                self.line = kept(&chunk[begin..rest]).to_vec();
                break;
            }
            rest = begin - 1;
        }
        self.open.clear();
        self.extend(&chunk[end + 1..]);
    }

    /// The line, as a terminal would show it.
    pub(super) fn shown(&self) -> &[u8] {
        let open = last_written(&self.open);
        let line = if is_empty(open) {
            last_written(&self.line)
        } else {
            open
        };
        line.trim_ascii_end()
    }

    fn extend(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        // What a bar of somebody else's overwrites is not kept.
        if self.open.ends_with(b"\r") {
            self.open.clear();
        }
        let whole = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        let written = match memrchr(b'\r', whole) {
            Some(at) => {
                self.open.clear();
                &whole[at + 1..]
            }
            None => whole,
        };
        let room = LONGEST.saturating_sub(self.open.len());
        self.open
            .extend_from_slice(&written[..written.len().min(room)]);
        if whole.len() < bytes.len() {
            self.open.push(b'\r');
        }
    }
}

fn is_empty(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

/// What is kept of a line: what was written last, and not more than needed.
fn kept(line: &[u8]) -> &[u8] {
    let line = last_written(line);
    &line[..line.len().min(LONGEST)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(chunks: &[&str]) -> String {
        let mut last = LastLine::default();
        for chunk in chunks {
            last.push(chunk.as_bytes());
        }
        String::from_utf8_lossy(last.shown()).into_owned()
    }

    #[test]
    fn the_last_line_with_something_on_it_is_shown() {
        assert_eq!(last(&[]), "");
        assert_eq!(last(&["one\ntwo\n"]), "two");
        assert_eq!(last(&["one\n", "\n \n\n"]), "one");
        assert_eq!(last(&["on", "e\n"]), "one");
        assert_eq!(last(&["on", "e\n\n\n", "tw"]), "tw");
        assert_eq!(last(&["one\ntwo\nthr", "ee"]), "three");
        assert_eq!(last(&["one\n\n", "\n", "  two  \n"]), "  two");
    }

    #[test]
    fn what_a_bar_has_overwritten_is_not_shown() {
        assert_eq!(last(&["10%\r", "20%\r", "30%"]), "30%");
        assert_eq!(last(&["10%\r20%\r"]), "20%");
        assert_eq!(last(&["10%\r20%\r\n"]), "20%");
    }

    #[test]
    fn a_line_without_end_is_kept_up_to_a_length() {
        let long = "x".repeat(3 * LONGEST);
        assert_eq!(last(&[&long, &long]).len(), LONGEST);
        assert_eq!(last(&[&long, "\n"]).len(), LONGEST);
    }
}
