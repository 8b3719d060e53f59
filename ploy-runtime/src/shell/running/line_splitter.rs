/// Lines, put together from what comes in chunks. Holds no more than one chunk and the longest line.
#[derive(Debug)]
pub(crate) struct Splitter {
    held: Vec<u8>,
    /// Where what has not been handed out begins.
    at: usize,
    /// How far after that there is no line end.
    seen: usize,
}

impl Splitter {
    pub(crate) fn new() -> Self {
        Splitter {
            held: Vec::new(),
            at: 0,
            seen: 0,
        }
    }

    pub(crate) fn push(&mut self, chunk: &[u8]) {
        self.held.drain(..self.at);
        self.at = 0;
        self.held.extend_from_slice(chunk);
    }

    /// The next line without its end, or a part of it if it is longer than `longest`; whether more of it follows.
    pub(crate) fn next(&mut self, longest: usize) -> Option<(&[u8], bool)> {
        let rest = &self.held[self.at..];
        let end = rest[self.seen..]
            .iter()
            .position(|byte| *byte == b'\n')
            .map(|end| end + self.seen);
        let length = end.unwrap_or(rest.len());
        if length > longest {
            let cut = boundary(rest, longest);
            let start = self.at;
            self.at += cut;
            self.seen = length - cut;
            return Some((&self.held[start..start + cut], true));
        }
        let Some(end) = end else {
            self.seen = length;
            return None;
        };
        let start = self.at;
        self.at += end + 1;
        self.seen = 0;
        Some((&self.held[start..start + end], false))
    }

    /// What came without a line end.
    pub(crate) fn rest(&mut self) -> Option<&[u8]> {
        let start = std::mem::replace(&mut self.at, self.held.len());
        self.seen = 0;
        (start < self.held.len()).then(|| &self.held[start..])
    }
}

/// Where to cut so that no character of UTF-8 is torn, if it is UTF-8: at `longest`, or up to three bytes before.
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
        let mut splitter = Splitter::new();
        let mut lines = Vec::new();
        for chunk in bytes.chunks(size) {
            splitter.push(chunk);
            while let Some((line, partial)) = splitter.next(longest) {
                lines.push((line.to_vec(), partial));
            }
            assert!(splitter.held.len() - splitter.at <= longest);
        }
        lines.extend(splitter.rest().map(|line| (line.to_vec(), false)));
        assert_eq!(splitter.rest(), None);
        lines
    }

    fn whole(line: &str) -> (Vec<u8>, bool) {
        (line.as_bytes().to_vec(), false)
    }

    #[test]
    fn lines_are_the_same_whatever_the_chunks() {
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
        // What is no UTF-8 is cut all the same.
        assert_eq!(split(&[0x80; 9], 9, 4).len(), 3);
    }
}
