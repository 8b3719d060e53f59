//! Text in the compiler, where there is no allocation and no `std` algorithm.

/// The text of an error that the compiler shows, of 512 bytes at most.
pub(crate) struct Message {
    bytes: [u8; 512],
    length: usize,
}

impl Message {
    pub(crate) const fn new() -> Self {
        Message {
            bytes: [0; 512],
            length: 0,
        }
    }

    pub(crate) const fn len(&self) -> usize {
        self.length
    }

    /// Appends as many whole characters as there is room for.
    pub(crate) const fn push(&mut self, text: &str) {
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

    pub(crate) const fn as_str(&self) -> &str {
        match str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}

/// 0 if equal, 1 if `a` is greater, 2 if `b` is.
pub(crate) const fn compare(a: &[u8], b: &[u8]) -> u8 {
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
pub(crate) const fn equal(a: &str, b: &str) -> bool {
    compare(a.as_bytes(), b.as_bytes()) == 0
}
