//! The end of a stream, of bounded length.

use std::collections::VecDeque;

/// Keeps the end of a stream, and counts what it drops before it.
#[derive(Debug)]
pub(super) struct TailBuffer {
    bytes: VecDeque<u8>,
    limit: usize,
    dropped: u64,
}

/// The end of a stream that has ended.
#[derive(Debug, Default)]
pub(super) struct CapturedStream {
    pub(super) bytes: Vec<u8>,
    /// How many bytes came before these, and were not kept.
    pub(super) dropped: u64,
}

impl TailBuffer {
    /// Keeps the last `limit` bytes.
    pub(super) fn new(limit: usize) -> Self {
        TailBuffer {
            bytes: VecDeque::new(),
            limit,
            dropped: 0,
        }
    }

    /// Takes this buffer out, and leaves one that keeps nothing.
    pub(super) fn take(&mut self) -> Self {
        std::mem::replace(self, TailBuffer::new(0))
    }

    pub(super) fn push(&mut self, chunk: &[u8]) {
        let skip = chunk.len().saturating_sub(self.limit);
        self.dropped += skip as u64;
        let chunk = &chunk[skip..];
        let excess = (self.bytes.len() + chunk.len()).saturating_sub(self.limit);
        self.dropped += excess as u64;
        self.bytes.drain(..excess);
        self.bytes.extend(chunk);
    }

    /// What was kept.
    pub(super) fn finish(self) -> CapturedStream {
        CapturedStream {
            bytes: self.bytes.into(),
            dropped: self.dropped,
        }
    }
}

/// The last lines of `bytes`: at most `lines` of them, and not more than `max_bytes` bytes.
pub(super) fn last_lines(bytes: &[u8], lines: usize, max_bytes: usize) -> Vec<u8> {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let mut start = bytes.len().saturating_sub(max_bytes);
    if let Some((index, _)) = bytes
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, byte)| **byte == b'\n')
        .nth(lines - 1)
    {
        start = start.max(index + 1);
    }
    bytes[start..].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_kept_however_the_stream_is_split() {
        for size in 1..12 {
            let mut buffer = TailBuffer::new(5);
            for chunk in b"0123456789".chunks(size) {
                buffer.push(chunk);
            }
            let captured = buffer.finish();
            assert_eq!((&*captured.bytes, captured.dropped), (&b"56789"[..], 5));
        }
    }

    #[test]
    fn the_last_lines_are_whole_unless_they_are_too_long() {
        assert_eq!(last_lines(b"a\nb\nc\n", 2, 100), b"b\nc");
        assert_eq!(last_lines(b"a\nb\nc", 9, 3), b"b\nc");
        assert_eq!(last_lines(b"", 2, 100), b"");
    }
}
