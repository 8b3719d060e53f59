use std::collections::VecDeque;

/// The end of a stream, of bounded length.
#[derive(Debug)]
pub(crate) struct Capture {
    bytes: VecDeque<u8>,
    limit: usize,
    dropped: u64,
}

impl Capture {
    /// Keeps the last `limit` bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Capture {
            bytes: VecDeque::new(),
            limit,
            dropped: 0,
        }
    }

    /// This capture, leaving one that keeps nothing.
    pub(crate) fn take(&mut self) -> Self {
        std::mem::replace(self, Capture::new(0))
    }

    pub(crate) fn push(&mut self, chunk: &[u8]) {
        let skip = chunk.len().saturating_sub(self.limit);
        self.dropped += skip as u64;
        let chunk = &chunk[skip..];
        let excess = (self.bytes.len() + chunk.len()).saturating_sub(self.limit);
        self.dropped += excess as u64;
        self.bytes.drain(..excess);
        self.bytes.extend(chunk);
    }

    /// What was kept, and how many bytes before it were not.
    pub(crate) fn finish(self) -> (Vec<u8>, u64) {
        (self.bytes.into(), self.dropped)
    }
}

/// The last lines of `bytes`: at most `lines` of them, and not more than `most` bytes.
pub(crate) fn tail(bytes: &[u8], lines: usize, most: usize) -> Vec<u8> {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let mut start = bytes.len().saturating_sub(most);
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
    fn keeps_the_end_whatever_the_chunks() {
        for size in 1..12 {
            let mut capture = Capture::new(5);
            for chunk in b"0123456789".chunks(size) {
                capture.push(chunk);
            }
            assert_eq!(capture.finish(), (b"56789".to_vec(), 5));
        }
    }

    #[test]
    fn the_tail_is_whole_lines_within_bounds() {
        assert_eq!(tail(b"a\nb\nc\n", 2, 100), b"b\nc");
        assert_eq!(tail(b"a\nb\nc", 9, 3), b"b\nc");
        assert_eq!(tail(b"", 2, 100), b"");
    }
}
