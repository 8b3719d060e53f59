//! Whether a text matches a pattern of wildcards, byte for byte.
//!
//! `*` and `?` match no slash, `**` does; `[..]` is a set of bytes, and a backslash takes away the
//! meaning of what follows.

/// Where to go on if what follows a star does not match.
#[derive(Clone, Copy)]
struct Retry {
    pattern: usize,
    text: usize,
}

/// Whether all of the text matches all of the pattern.
pub(super) fn is_match(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut read) = (0, 0);
    // The last star of each kind. What came before it matched as early as it could, so that a
    // longer match of an earlier star of the same kind can add nothing.
    let (mut star, mut double_star): (Option<Retry>, Option<Retry>) = (None, None);
    loop {
        if pattern.get(at) == Some(&b'*') {
            let stars = pattern[at..]
                .iter()
                .take_while(|byte| **byte == b'*')
                .count();
            at += stars;
            let retry = Some(Retry {
                pattern: at,
                text: read,
            });
            if stars == 1 {
                star = retry;
            } else {
                (star, double_star) = (None, retry);
            }
            continue;
        }
        if at == pattern.len() && read == text.len() {
            return true;
        }
        let next = text
            .get(read)
            .and_then(|byte| after_one(pattern, at, *byte));
        if let Some(next) = next {
            (at, read) = (next, read + 1);
            continue;
        }
        let again = longer(&mut star, text, false).or_else(|| {
            star = None;
            longer(&mut double_star, text, true)
        });
        let Some(again) = again else {
            return false;
        };
        (at, read) = (again.pattern, again.text);
    }
}

/// Lets a star match one byte more.
fn longer(star: &mut Option<Retry>, text: &[u8], matches_slash: bool) -> Option<Retry> {
    let retry = star.as_mut()?;
    match text.get(retry.text) {
        Some(b'/') if !matches_slash => None,
        Some(_) => {
            retry.text += 1;
            Some(*retry)
        }
        None => None,
    }
}

/// The place in the pattern behind what matches this byte; `None` if it does not match.
fn after_one(pattern: &[u8], at: usize, byte: u8) -> Option<usize> {
    match *pattern.get(at)? {
        b'?' => (byte != b'/').then_some(at + 1),
        b'[' => {
            let (is_in, next) = set(pattern, at + 1, byte)?;
            (is_in && byte != b'/').then_some(next)
        }
        b'\\' => (*pattern.get(at + 1)? == byte).then_some(at + 2),
        plain => (plain == byte).then_some(at + 1),
    }
}

/// Whether a byte is in the set that begins here, and where the pattern goes on; `None` if the set
/// does not end or is malformed, so that nothing matches it.
fn set(pattern: &[u8], mut at: usize, byte: u8) -> Option<(bool, usize)> {
    let is_negated = matches!(pattern.get(at), Some(b'!' | b'^'));
    at += usize::from(is_negated);
    let mut is_in = false;
    let mut range_from = None;
    let mut is_first = true;
    loop {
        let current = *pattern.get(at)?;
        if current == b']' && !is_first {
            return Some((is_in != is_negated, at + 1));
        }
        is_first = false;
        let ends_range = pattern.get(at + 1).is_some_and(|next| *next != b']');
        match (current, range_from) {
            (b'\\', _) => {
                let escaped = *pattern.get(at + 1)?;
                is_in |= escaped == byte;
                range_from = Some(escaped);
                at += 2;
            }
            (b'-', Some(from)) if ends_range => {
                let is_escaped = pattern[at + 1] == b'\\';
                at += usize::from(is_escaped);
                let to = *pattern.get(at + 1)?;
                is_in |= (from..=to).contains(&byte);
                range_from = None;
                at += 2;
            }
            (b'[', _) if pattern.get(at + 1) == Some(&b':') => {
                let name = &pattern[at + 2..];
                let end = memchr::memchr(b']', name)?;
                if let Some((b':', class)) = name[..end].split_last() {
                    is_in |= is_of_class(class, byte)?;
                    range_from = None;
                    at += 2 + end + 1;
                } else {
                    is_in |= byte == b'[';
                    range_from = Some(b'[');
                    at += 1;
                }
            }
            (plain, _) => {
                is_in |= plain == byte;
                range_from = Some(plain);
                at += 1;
            }
        }
    }
}

/// Whether a byte is of a class such as `alpha`; `None` if there is no such class.
fn is_of_class(class: &[u8], byte: u8) -> Option<bool> {
    Some(match class {
        b"alnum" => byte.is_ascii_alphanumeric(),
        b"alpha" => byte.is_ascii_alphabetic(),
        b"blank" => byte == b' ' || byte == b'\t',
        b"cntrl" => byte.is_ascii_control(),
        b"digit" => byte.is_ascii_digit(),
        b"graph" => byte.is_ascii_graphic(),
        b"lower" => byte.is_ascii_lowercase(),
        b"print" => byte == b' ' || byte.is_ascii_graphic(),
        b"punct" => byte.is_ascii_punctuation(),
        b"space" => byte.is_ascii_whitespace() || byte == 0x0b,
        b"upper" => byte.is_ascii_uppercase(),
        b"xdigit" => byte.is_ascii_hexdigit(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_as_rsyncs_do() {
        for (pattern, text) in [
            ("*", ""),
            ("*", "ab"),
            ("a*b*c", "axbxbxc"),
            ("**", "a/b"),
            ("a**c", "a/b/c"),
            ("**a*c", "x/ab/abc"),
            ("?", "x"),
            ("[a-c]", "b"),
            ("[!a-c]", "d"),
            ("[^a]", "b"),
            ("[]]", "]"),
            ("[]-a]", "^"),
            ("[\\]]", "]"),
            ("[[:digit:]x]", "7"),
            ("[[:digit]", ":"),
            ("[a-]", "-"),
            ("\\*", "*"),
            ("a\\b", "ab"),
        ] {
            assert!(
                is_match(pattern.as_bytes(), text.as_bytes()),
                "{pattern} {text}"
            );
        }
        for (pattern, text) in [
            ("*", "a/b"),
            ("a*c", "a/c"),
            ("?", "/"),
            ("?", ""),
            ("[!a]", "/"),
            ("[a", "a"),
            ("[[:nothing:]]", "n"),
            ("\\*", "x"),
            ("**a*c", "abc/x"),
            ("a", ""),
            ("", "a"),
        ] {
            assert!(
                !is_match(pattern.as_bytes(), text.as_bytes()),
                "{pattern} {text}"
            );
        }
    }

    #[test]
    fn many_stars_take_no_long_time() {
        let text = "a".repeat(2000);
        assert!(!is_match(b"**a*a**a*a**a*a**b", text.as_bytes()));
    }
}
