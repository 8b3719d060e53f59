//! What a secret looks like where it is shown: as it is, quoted, or encoded.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

/// The shortest value that is masked, in bytes: a shorter one would be found in much that is no
/// secret.
pub(crate) const MIN_MASKED_LENGTH: usize = 8;

/// How many lines of a secret are masked each by itself. The whole is masked in any case.
const MAX_LINES: usize = 200;

type Form = Zeroizing<Vec<u8>>;

/// All that is masked of a value: the value and each of its lines, as they are and in other forms.
pub(crate) struct MaskedForms {
    pub(crate) plain: Vec<Form>,
    /// In base64, wherever in the encoded text the value begins. Line breaks may be in between.
    pub(crate) encoded: Vec<Form>,
}

impl MaskedForms {
    pub(crate) fn of(value: &[u8]) -> Self {
        let lines = value.split(|byte| *byte == b'\n').take(MAX_LINES);
        let mut pieces: Vec<&[u8]> = lines
            .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
            .filter(|line| line.len() >= MIN_MASKED_LENGTH)
            .collect();
        if pieces != [value] {
            pieces.push(value);
        }
        let (mut plain, mut encoded) = (Vec::new(), Vec::new());
        for piece in pieces {
            plain.push(Zeroizing::new(piece.to_vec()));
            plain.extend(quoted(piece));
            encoded.extend(base64(piece));
        }
        for forms in [&mut plain, &mut encoded] {
            forms.sort_by(|one, other| one.as_slice().cmp(other));
            forms.dedup();
        }
        MaskedForms { plain, encoded }
    }

    #[cfg(test)]
    pub(crate) fn has(&self, form: &[u8]) -> bool {
        self.plain
            .iter()
            .chain(&self.encoded)
            .any(|one| one.as_slice() == form)
    }
}

/// The value as shells and others quote it.
fn quoted(value: &[u8]) -> Vec<Form> {
    let replaced = |form: &dyn Fn(u8) -> Vec<u8>| {
        // The final capacity at once: growing would leave a copy of the secret behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(value.len() * 6));
        for byte in value {
            bytes.extend(form(*byte));
        }
        bytes
    };
    let before = |special: &'static [u8], what: &'static [u8]| {
        move |byte: u8| match special.contains(&byte) {
            true => [what, &[byte]].concat(),
            false => vec![byte],
        }
    };
    let control = |byte: u8, other: fn(u8) -> Vec<u8>| match byte {
        b'\n' => br"\n".to_vec(),
        b'\r' => br"\r".to_vec(),
        b'\t' => br"\t".to_vec(),
        byte => other(byte),
    };
    let percent = |space: &'static [u8], upper: bool| {
        move |byte: u8| match byte {
            b' ' => space.to_vec(),
            byte if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) => vec![byte],
            byte if upper => format!("%{byte:02X}").into_bytes(),
            byte => format!("%{byte:02x}").into_bytes(),
        }
    };
    let mut forms = vec![
        replaced(&|byte| {
            if byte == b'\'' {
                br"'\''".to_vec()
            } else {
                vec![byte]
            }
        }),
        replaced(&|byte| {
            if byte == b'\'' {
                br#"'"'"'"#.to_vec()
            } else {
                vec![byte]
            }
        }),
        // As we quote it for every login shell.
        replaced(&|byte| match byte {
            b'\'' | b'\\' | b'!' => vec![b'\'', b'\\', byte, b'\''],
            byte => vec![byte],
        }),
        // Between double quotes.
        replaced(&before(b"\"\\$`", b"\\")),
        // As bash's `%q` quotes it, without and with bytes that are written as numbers.
        replaced(&before(b" !\"$&'()*,;<>?[\\]^`{|}", b"\\")),
        replaced(&|byte| {
            control(byte, |byte| match byte {
                b'\'' | b'\\' => vec![b'\\', byte],
                0..=0x1f | 0x7f => format!("\\{byte:03o}").into_bytes(),
                byte => vec![byte],
            })
        }),
        // With a backslash before everything but plain characters.
        replaced(&|byte| {
            if byte.is_ascii_alphanumeric() || b"_-./:=@%+,".contains(&byte) || byte >= 0x80 {
                vec![byte]
            } else {
                vec![b'\\', byte]
            }
        }),
        replaced(&percent(b"%20", true)),
        replaced(&percent(b"%20", false)),
        replaced(&percent(b"+", true)),
    ];
    if let Ok(text) = std::str::from_utf8(value) {
        forms.extend(json(text));
    }
    forms
}

/// Between the quotes of JSON: with all characters as they are, or as numbers where they are not
/// ASCII.
fn json(text: &str) -> Vec<Form> {
    let written = |slash: &'static str, number: Option<fn(u16) -> String>| {
        let mut form = Zeroizing::new(String::with_capacity(text.len() * 6));
        for c in text.chars() {
            match c {
                '"' => form.push_str("\\\""),
                '\\' => form.push_str("\\\\"),
                '/' => form.push_str(slash),
                '\n' => form.push_str("\\n"),
                '\r' => form.push_str("\\r"),
                '\t' => form.push_str("\\t"),
                '\u{8}' => form.push_str("\\b"),
                '\u{c}' => form.push_str("\\f"),
                c if c.is_control() => form.push_str(&format!("\\u{:04x}", u32::from(c))),
                c => match number.filter(|_| !c.is_ascii()) {
                    Some(number) => {
                        for unit in c.encode_utf16(&mut [0; 2]) {
                            form.push_str(&number(*unit));
                        }
                    }
                    None => form.push(c),
                },
            }
        }
        Zeroizing::new(form.as_bytes().to_vec())
    };
    let small: fn(u16) -> String = |unit| format!("\\u{unit:04x}");
    let large: fn(u16) -> String = |unit| format!("\\u{unit:04X}");
    vec![
        written("/", None),
        written("\\/", None),
        written("/", Some(small)),
        written("\\/", Some(small)),
        written("/", Some(large)),
    ]
}

/// The characters of base64 that the value alone decides, for each of the three offsets at which it
/// can begin.
fn base64(value: &[u8]) -> Vec<Form> {
    let mut forms = Vec::new();
    for before in 0..3_usize {
        let mut bytes = Zeroizing::new(vec![0; before]);
        bytes.reserve_exact(value.len());
        bytes.extend_from_slice(value);
        // The characters at both ends share bits with other bytes.
        let (from, to) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let text = Zeroizing::new(engine.encode(&*bytes));
            forms.push(Zeroizing::new(text.as_bytes()[from..to].to_vec()));
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::secret::mask::matches::find_secrets;

    fn is_masked(value: &[u8], text: &[u8]) -> bool {
        !find_secrets(&[Arc::new(MaskedForms::of(value))], text).is_empty()
    }

    #[test]
    fn base64_is_masked_wherever_it_begins_and_breaks() {
        let value = b"it's a \xffsecret>?";
        for before in 0..7 {
            for after in 0..4 {
                let bytes = [&b"abcdefg"[..before], value, &b"xyz_"[..after]].concat();
                for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
                    let text = engine.encode(&bytes);
                    assert!(is_masked(value, text.as_bytes()));
                    for width in [5, 11] {
                        let lines: Vec<&[u8]> = text.as_bytes().chunks(width).collect();
                        assert!(is_masked(value, &lines.join(&b"\r\n"[..])));
                    }
                }
            }
        }
    }

    #[test]
    fn quoted_forms_are_masked() {
        let value = br#"it's "$5" \ or, !`6`/#"#;
        for text in [
            r#"'it'\''s "$5" \ or, !`6`/#'"#,
            r#"'it'"'"'s "$5" \ or, !`6`/#'"#,
            r#"'it'\''s "$5" '\\' or, '\!'`6`/#'"#,
            r#""it's \"\$5\" \\ or, !\`6\`/#""#,
            r#""it's \"$5\" \\ or, !`6`/#""#,
            r#""it's \"$5\" \\ or, !`6`\/#""#,
            r#"it\'s\ \"\$5\"\ \\\ or\,\ \!\`6\`/#"#,
            r#"$'it\'s "$5" \\ or, !`6`/#'"#,
            "it%27s%20%22%245%22%20%5C%20or%2C%20%21%606%60%2F%23",
        ] {
            assert!(is_masked(value, text.as_bytes()), "{text}");
        }
        assert!(!is_masked(value, b"it's 5"));
        let value = "grün\t\u{1f511}😀x\u{1}".as_bytes();
        for text in [
            "grün\\t\u{1f511}😀x\\u0001",
            "gr\\u00fcn\\t\\ud83d\\udd11\\ud83d\\ude00x\\u0001",
            "$'grün\\t\u{1f511}😀x\\001'",
        ] {
            assert!(is_masked(value, text.as_bytes()), "{text}");
        }
    }

    /// As bash itself quotes it.
    #[test]
    fn what_bash_quotes_is_masked() {
        for value in [
            "a,b#pass-word",
            "~pass*word?",
            "pass\tword 4711",
            "it's {a,b}",
        ] {
            let output = std::process::Command::new("bash")
                .args([
                    "-c",
                    "printf '%q\\n' \"$1\"; v=$1; echo \"${v@Q}\"; set -x; : \"$1\"",
                    "-",
                    value,
                ])
                .output()
                .unwrap();
            let text = [output.stdout, output.stderr].concat();
            let text = String::from_utf8(text).unwrap();
            for line in text.lines() {
                assert!(
                    is_masked(value.as_bytes(), line.as_bytes()),
                    "{value}: {line}"
                );
            }
        }
    }

    #[test]
    fn each_long_line_is_masked() {
        let key = b"-----BEGIN-----\r\nAAAABBBB\nCC\n-----END-----\n";
        for line in ["-----BEGIN-----", "AAAABBBB"] {
            assert!(is_masked(key, line.as_bytes()), "{line}");
        }
        assert!(!is_masked(key, b"CC"));
    }
}
