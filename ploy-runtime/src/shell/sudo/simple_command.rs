//! What is one simple command of the shell.

/// Whether a script is one simple command, without a redirection: nothing but words. What is between quotes, or expanded, is
/// within a word.
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

/// Past all that this byte begins; false if it has no end.
fn skip(bytes: &mut Bytes<'_>, byte: u8) -> bool {
    match byte {
        b'\\' => bytes.next().is_some(),
        b'\'' | b'`' => bytes.any(|end| end == byte),
        b'"' => skip_double(bytes),
        // What an expansion runs is run by the shell, before.
        b'$' if bytes.peek() == Some(&b'(') => skip_parentheses(bytes),
        _ => true,
    }
}

/// Past the end of double quotes, in which single ones mean nothing.
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

/// Past the end of parentheses.
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
    fn nothing_but_words_is_simple() {
        for script in [
            "systemctl reload nginx",
            " id ",
            "A=1 env",
            "echo 'a; b' \"c & d\" e\\;f",
            "echo $(ls; date | wc) `a;b` \"$(x \")\" y)\" ${a#b} a#b",
            "echo \"it's\"",
            "test -n \"\\\"\"",
        ] {
            assert!(is_simple(script.as_bytes()), "{script}");
        }
        for script in [
            "", "  ", "a; b", "a && b", "a | b", "a > b", "a <b", "a &", "(a)", "a\nb", "a # b",
            "'a", "\"a", "$(a", "`a", "a 2>&1",
            "if a", // `if a` alone is words, but see below
        ] {
            assert_eq!(is_simple(script.as_bytes()), script == "if a", "{script}");
        }
    }
}
