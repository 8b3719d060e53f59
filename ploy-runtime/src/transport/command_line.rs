//! Command lines that any login shell understands.

/// Puts the lines of a script together again. `IFS` is blank, tab, newline, whatever the environment says, so there is a line
/// break that need not be written; zsh has a NUL after it.
const JOIN: &str = r#"ploy_n=${IFS#??}; ploy_n=${ploy_n%"${ploy_n#?}"}; for ploy_l do ploy_s=$ploy_s$ploy_l$ploy_n; done; set --; eval "unset ploy_n ploy_l ploy_s; $ploy_s""#;

/// The longest command line: Linux takes no argument of more than 128 KiB, and sshd makes the line one of the login
/// shell's.
pub(super) const LONGEST: usize = 128 * 1024 - 1;

/// A command line that has the login shell make way for `shell -c script`.
///
/// The login shell may be any of sh's kind, fish, or one of csh's kind: those do not take a line break between quotes,
/// so that a script of many lines is handed over line by line.
pub(crate) fn command_line(shell: &str, script: &[u8]) -> Vec<u8> {
    let mut line = b"exec ".to_vec();
    line.reserve(script.len() + script.len() / 8);
    push_word(&mut line, shell.as_bytes());
    line.extend_from_slice(b" -c ");
    if script.contains(&b'\n') {
        push_word(&mut line, JOIN.as_bytes());
        line.extend_from_slice(b" sh");
        for part in script.split(|byte| *byte == b'\n') {
            line.push(b' ');
            push_word(&mut line, part);
        }
    } else {
        push_word(&mut line, script);
    }
    line
}

/// A word that any login shell takes as it is.
pub(crate) fn word(text: &str) -> String {
    let mut word = Vec::new();
    push_word(&mut word, text.as_bytes());
    // What is put between its characters is ASCII.
    String::from_utf8_lossy(&word).into_owned()
}

/// Appends a word, quoted. Between single quotes fish knows `\\` and `\'`, and csh knows `!`: so these three stand
/// outside.
pub(super) fn push_word(line: &mut Vec<u8>, word: &[u8]) {
    let mut inside = false;
    let mut turn = |line: &mut Vec<u8>, to: bool| {
        if inside != to {
            line.push(b'\'');
            inside = to;
        }
    };
    for byte in word {
        let special = matches!(byte, b'\'' | b'\\' | b'!');
        turn(line, !special);
        if special {
            line.push(b'\\');
        }
        line.push(*byte);
    }
    turn(line, false);
    if word.is_empty() {
        line.extend_from_slice(b"''");
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    fn run(login: &str, script: &[u8]) -> Vec<u8> {
        let line = command_line("sh", script);
        let output = Command::new(login)
            .arg("-c")
            .arg(OsStr::from_bytes(&line))
            .output()
            .unwrap();
        assert_eq!(output.stderr, b"", "{}", String::from_utf8_lossy(&line));
        output.stdout
    }

    #[test]
    fn a_script_of_many_lines_sees_nothing_of_how_it_came() {
        let script = b"set | grep ploy_\necho \"$# $0\"\ncat <<END\n it's \\ fine!\nEND\nexit 0";
        assert_eq!(run("sh", script), b"0 sh\n it's \\ fine!\n");
    }

    #[test]
    fn any_shell_takes_a_word_as_it_is() {
        let text = "it's $HOME `id` \\ \"x\" ! !! * ~ é \\'";
        for shell in ["sh", "bash", "fish", "tcsh"] {
            let line = format!("printf %s {}", word(text));
            let Ok(output) = Command::new(shell).args(["-c", &line]).output() else {
                continue;
            };
            assert_eq!(String::from_utf8_lossy(&output.stdout), text, "{shell}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn every_byte_comes_through(value in proptest::collection::vec(1..=255_u8, 0..40)) {
            let mut script = b"printf %s ".to_vec();
            script.extend(crate::shell::quoted(&value));
            for login in ["sh", "bash"] {
                prop_assert_eq!(run(login, &script), value.clone());
            }
        }
    }
}
