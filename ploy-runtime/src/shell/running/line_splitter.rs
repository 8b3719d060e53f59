//! Splits a stream that comes in chunks into lines.

/// Splits chunks into lines. Holds no more than one chunk and the longest line.
#[derive(Debug)]
pub(crate) struct LineSplitter {
    held: Vec<u8>,
    /// Where the bytes begin that were not handed out.
    start: usize,
    /// How many bytes after that are known to have no line end.
    searched: usize,
}

impl LineSplitter {
    pub(crate) fn new() -> Self {
        LineSplitter {
            held: Vec::new(),
            start: 0,
            searched: 0,
        }
    }

    pub(crate) fn push(&mut self, chunk: &[u8]) {
        self.held.drain(..self.start);
        self.start = 0;
        self.held.extend_from_slice(chunk);
    }

    /// The next line without its end, or a part of it if it is longer than `longest`; whether more
    /// of it follows.
    pub(crate) fn next(&mut self, longest: usize) -> Option<(&[u8], bool)> {
        let rest = &self.held[self.start..];
        let end = rest[self.searched..]
            .iter()
            .position(|byte| *byte == b'\n')
            .map(|end| end + self.searched);
        let length = end.unwrap_or(rest.len());
        if length > longest {
            let cut = boundary(rest, longest);
            let start = self.start;
            self.start += cut;
            self.searched = length - cut;
            return Some((&self.held[start..start + cut], true));
        }
        let Some(end) = end else {
            self.searched = length;
            return None;
        };
        let start = self.start;
        self.start += end + 1;
        self.searched = 0;
        Some((&self.held[start..start + end], false))
    }

    /// The last line, if it came without a line end.
    pub(crate) fn rest(&mut self) -> Option<&[u8]> {
        let start = std::mem::replace(&mut self.start, self.held.len());
        self.searched = 0;
        (start < self.held.len()).then(|| &self.held[start..])
    }
}

/// Where to cut: at `longest`, or up to three bytes before, so that no character of UTF-8 is torn.
fn boundary(bytes: &[u8], longest: usize) -> usize {
    let longest = longest.max(1);
    let is_inside = |at: usize| bytes.get(at).is_some_and(|byte| byte & 0xc0 == 0x80);
    (longest.saturating_sub(3).max(1)..=longest)
        .rev()
        .find(|at| !is_inside(*at))
        .unwrap_or(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(bytes: &[u8], size: usize, longest: usize) -> Vec<(Vec<u8>, bool)> {
        let mut splitter = LineSplitter::new();
        let mut lines = Vec::new();
        for chunk in bytes.chunks(size) {
            splitter.push(chunk);
            while let Some((line, partial)) = splitter.next(longest) {
                lines.push((line.to_vec(), partial));
            }
            assert!(splitter.held.len() - splitter.start <= longest);
        }
        lines.extend(splitter.rest().map(|line| (line.to_vec(), false)));
        assert_eq!(splitter.rest(), None);
        lines
    }

    fn whole(line: &str) -> (Vec<u8>, bool) {
        (line.as_bytes().to_vec(), false)
    }

    #[test]
    fn lines_are_the_same_however_the_stream_is_split() {
        for size in 1..10 {
            assert_eq!(
                split(b"a\n\nbc\r\nd", size, 100),
                [whole("a"), whole(""), whole("bc\r"), whole("d")]
            );
            assert_eq!(split(b"a\n", size, 100), [whole("a")]);
            assert_eq!(split(b"", size, 100), []);
        }
    }

    #[test]
    fn a_long_line_comes_in_parts_that_add_up() {
        for size in 1..40 {
            for longest in 1..9 {
                let parts = split(b"abcdefgh\nx\n", size, longest);
                let (last, before) = parts.split_last().unwrap();
                assert_eq!(last, &whole("x"));
                let line: Vec<u8> = before.iter().flat_map(|part| part.0.clone()).collect();
                assert_eq!(line, b"abcdefgh");
                assert_eq!(before.len(), 8_usize.div_ceil(longest));
                assert!(before[..before.len() - 1].iter().all(|part| part.1));
                assert!(!before[before.len() - 1].1);
            }
        }
    }

    #[test]
    fn no_character_is_torn() {
        let parts = split("aüüü\n".as_bytes(), 3, 4);
        assert_eq!(parts, [("aü".as_bytes().to_vec(), true), whole("üü")]);
        // Bytes that are no UTF-8 are cut at the limit.
        assert_eq!(split(&[0x80; 9], 9, 4).len(), 3);
    }
}
