//! Text in constants: what the compiler evaluates has no allocation and no algorithm of `std`.

/// The text of an error that the compiler shows, of 512 bytes at most.
pub struct Message {
    bytes: [u8; 512],
    length: usize,
}

impl Default for Message {
    fn default() -> Self {
        Message::new()
    }
}

impl Message {
    /// An empty text.
    pub const fn new() -> Self {
        Message {
            bytes: [0; 512],
            length: 0,
        }
    }

    /// How many bytes it has.
    pub const fn len(&self) -> usize {
        self.length
    }

    /// Whether nothing was appended yet.
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Appends as many whole characters as there is room for.
    pub const fn push(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut end = bytes.len();
        if end > 512 - self.length {
            end = 512 - self.length;
            while end > 0 && bytes[end] & 0xC0 == 0x80 {
                end -= 1;
            }
        }
        let mut index = 0;
        while index < end {
            self.bytes[self.length] = bytes[index];
            self.length += 1;
            index += 1;
        }
    }

    /// The text.
    pub const fn as_str(&self) -> &str {
        match str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}

/// 0 if equal, 1 if `a` is greater, 2 if `b` is.
pub const fn compare(a: &[u8], b: &[u8]) -> u8 {
    let mut index = 0;
    while index < a.len() && index < b.len() {
        if a[index] != b[index] {
            return if a[index] > b[index] { 1 } else { 2 };
        }
        index += 1;
    }
    if a.len() == b.len() {
        0
    } else if a.len() > b.len() {
        1
    } else {
        2
    }
}

/// Whether both are the same text.
pub const fn equal(a: &str, b: &str) -> bool {
    compare(a.as_bytes(), b.as_bytes()) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_is_full_keeps_whole_characters() {
        let mut message = Message::new();
        assert!(message.is_empty());
        for _ in 0..300 {
            message.push("né");
        }
        assert_eq!(message.len(), 512);
        let mut odd = Message::new();
        odd.push("x");
        for _ in 0..300 {
            odd.push("éé");
        }
        assert_eq!((odd.len(), odd.as_str().chars().count()), (511, 256));
    }

    #[test]
    fn texts_are_ordered_by_bytes() {
        assert_eq!(compare(b"a", b"a"), 0);
        assert_eq!(compare(b"b", b"ab"), 1);
        assert_eq!(compare(b"a", b"ab"), 2);
        assert!(equal("web", "web") && !equal("web", "we"));
    }
}
