//! Text from elsewhere, made safe for a terminal.

use std::borrow::Cow;

/// Text that does nothing to a terminal but show: no escapes, no moves of the cursor, no change of
/// direction. Broken UTF-8 is replaced.
pub fn safe(bytes: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(bytes);
    if !text.chars().any(is_unsafe) {
        return text;
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            // The pictures that Unicode has for them.
            '\0'..='\x1f' if c != '\t' => {
                shown.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('?'));
            }
            '\x7f' => shown.push('\u{2421}'),
            c if is_unsafe(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// Whether a terminal would do more with it than show it.
pub fn is_unsafe(c: char) -> bool {
    (c.is_control() && c != '\t') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn nothing_moves_the_cursor() {
        assert_eq!(safe(b"plain\ttext"), "plain\ttext");
        assert_eq!(safe(b"\x1b[2J\x07\x7f"), "␛[2J␇␡");
        assert_eq!(safe("a\u{202e}b\u{9b}c".as_bytes()), "a\\u{202e}b\\u{9b}c");
        assert_eq!(safe(b"\xff"), "\u{fffd}");
    }
}
