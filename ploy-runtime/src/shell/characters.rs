//! Keeps the characters of a stream whole that comes in pieces.

/// Keeps the characters of a stream whole that comes in pieces: at most three bytes are held back,
/// which may be the beginning of one.
#[derive(Default)]
pub(super) struct Characters {
    begun: Vec<u8>,
}

impl Characters {
    /// Takes a piece in, and gives what ends with a whole character by now.
    pub(super) fn push(&mut self, bytes: Vec<u8>) -> Vec<u8> {
        let mut all = std::mem::take(&mut self.begun);
        if all.is_empty() {
            all = bytes;
        } else {
            all.extend_from_slice(&bytes);
        }
        self.begun = all.split_off(all.len() - begun(&all));
        all
    }

    /// What was held back, at the end.
    pub(super) fn finish(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.begun)
    }
}

/// Cuts into pieces of at most `most` bytes, none of them in the middle of a character.
pub(super) fn pieces(mut bytes: Vec<u8>, most: usize) -> impl Iterator<Item = Vec<u8>> {
    std::iter::from_fn(move || {
        if bytes.len() <= most {
            return (!bytes.is_empty()).then(|| std::mem::take(&mut bytes));
        }
        let rest = bytes.split_off(most - begun(&bytes[..most]));
        Some(std::mem::replace(&mut bytes, rest))
    })
}

/// How many bytes at the end are the beginning of a character, and not all of it.
fn begun(bytes: &[u8]) -> usize {
    (1..=bytes.len().min(3))
        .take_while(|count| !bytes[bytes.len() - count].is_ascii())
        .find(|count| {
            let end = &bytes[bytes.len() - count..];
            // An error without a length: more bytes could make it whole.
            std::str::from_utf8(end)
                .is_err_and(|error| error.valid_up_to() == 0 && error.error_len().is_none())
        })
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_is_split_and_no_byte_is_lost() {
        let text = "a\u{f6}\u{20ac}\u{1f680}b\u{1f680}".as_bytes();
        for size in 1..=text.len() {
            let (mut characters, mut all) = (Characters::default(), Vec::new());
            for piece in text.chunks(size) {
                let whole = characters.push(piece.to_vec());
                assert!(std::str::from_utf8(&whole).is_ok(), "{size}: {whole:?}");
                all.extend(whole);
            }
            assert_eq!(characters.finish(), b"");
            assert_eq!(all, text);
        }
        for most in 4..=text.len() {
            let pieces: Vec<_> = pieces(text.to_vec(), most).collect();
            assert_eq!(pieces.concat(), text);
            for piece in pieces {
                assert!(piece.len() <= most && std::str::from_utf8(&piece).is_ok());
            }
        }
    }

    #[test]
    fn what_is_no_text_comes_through_as_it_is() {
        for bytes in [
            &b"a\xff"[..],
            b"\x80\x80\x80\x80",
            b"\xc3\xff",
            b"\xf5\x80",
            b"\xc3(",
        ] {
            let mut characters = Characters::default();
            assert_eq!(characters.push(bytes.to_vec()), bytes);
        }
        let mut characters = Characters::default();
        assert_eq!(characters.push(b"x\xe2\x82".to_vec()), b"x");
        assert_eq!(characters.finish(), b"\xe2\x82");
        assert_eq!(pieces(vec![0xff; 10], 4).count(), 3);
    }
}
