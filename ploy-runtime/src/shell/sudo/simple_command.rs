//! Recognizes a script that is one simple command.

/// Whether a script is one simple command without a redirection: nothing but words. Everything
/// between quotes, and in an expansion, is part of a word.
pub(crate) fn is_simple(script: &[u8]) -> bool {
    let script = script.trim_ascii();
    let mut bytes = script.iter().copied().peekable();
    let mut begins_word = true;
    while let Some(byte) = bytes.next() {
        let began = std::mem::replace(&mut begins_word, matches!(byte, b' ' | b'\t'));
        let is_operator = matches!(byte, b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')' | b'\n');
        if is_operator || byte == b'#' && began || !skip(&mut bytes, byte) {
            return false;
        }
    }
    !script.is_empty()
}

type Bytes<'a> = std::iter::Peekable<std::iter::Copied<std::slice::Iter<'a, u8>>>;

/// Skips all that this byte begins. Returns false if it has no end.
fn skip(bytes: &mut Bytes<'_>, byte: u8) -> bool {
    match byte {
        b'\\' => bytes.next().is_some(),
        b'\'' | b'`' => bytes.any(|end| end == byte),
        b'"' => skip_double(bytes),
        // The shell itself runs an expansion, before the command.
        b'$' if bytes.peek() == Some(&b'(') => skip_parentheses(bytes),
        _ => true,
    }
}

/// Skips to the end of double quotes, in which single quotes mean nothing.
fn skip_double(bytes: &mut Bytes<'_>) -> bool {
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return true,
            b'\'' => {}
            _ if skip(bytes, byte) => {}
            _ => return false,
        }
    }
    false
}

/// Skips to the end of parentheses.
fn skip_parentheses(bytes: &mut Bytes<'_>) -> bool {
    let mut depth = 0_u32;
    while let Some(byte) = bytes.next() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 1 => return true,
            b')' => depth = depth.saturating_sub(1),
            _ if skip(bytes, byte) => {}
            _ => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_simple;

    #[test]
    fn only_words_are_a_simple_command() {
        for script in [
            "systemctl reload nginx",
            " id ",
            "A=1 env",
            "echo 'a; b' \"c & d\" e\\;f",
            "echo $(ls; date | wc) `a;b` \"$(x \")\" y)\" ${a#b} a#b",
            "echo \"it's\"",
            "test -n \"\\\"\"",
            // Words alone, though no shell runs them.
            "if a",
        ] {
            assert!(is_simple(script.as_bytes()), "{script}");
        }
        for script in [
            "", "  ", "a; b", "a && b", "a | b", "a > b", "a <b", "a &", "(a)", "a\nb", "a # b",
            "'a", "\"a", "$(a", "`a", "a 2>&1",
        ] {
            assert!(!is_simple(script.as_bytes()), "{script}");
        }
    }
}
