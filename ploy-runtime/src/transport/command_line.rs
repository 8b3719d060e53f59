//! Command lines that every login shell understands.

/// Joins the lines of a script again. `IFS` is blank, tab, line feed, whatever the environment
/// says, so a line feed can be had without writing one. In zsh a NUL follows it.
const JOIN: &str = r#"ploy_n=${IFS#??}; ploy_n=${ploy_n%"${ploy_n#?}"}; for ploy_l do ploy_s=$ploy_s$ploy_l$ploy_n; done; set --; eval "unset ploy_n ploy_l ploy_s; $ploy_s""#;

/// The longest command line: Linux takes no argument of more than 128 KiB, and sshd passes the
/// whole line to the login shell as one.
pub(super) const MAX_COMMAND_LINE: usize = 128 * 1024 - 1;

/// A command line for the login shell, which it replaces itself with: `shell -c script`.
///
/// The login shell may be any kind of sh, fish or csh. csh takes no line feed between quotes, so a
/// script of many lines is passed line by line.
pub fn command_line(shell: &str, script: &[u8]) -> Vec<u8> {
    let mut line = b"exec ".to_vec();
    line.reserve(script.len() + script.len() / 8);
    push_quoted(&mut line, shell.as_bytes());
    line.extend_from_slice(b" -c ");
    if script.contains(&b'\n') {
        push_quoted(&mut line, JOIN.as_bytes());
        line.extend_from_slice(b" sh");
        for part in script.split(|byte| *byte == b'\n') {
            line.push(b' ');
            push_quoted(&mut line, part);
        }
    } else {
        push_quoted(&mut line, script);
    }
    line
}

/// Quotes a word for every login shell.
pub(crate) fn quote_word(text: &str) -> String {
    let mut quote_word = Vec::new();
    push_quoted(&mut quote_word, text.as_bytes());
    // Only ASCII is put between its characters.
    String::from_utf8_lossy(&quote_word).into_owned()
}

/// Appends a word, quoted. Between single quotes fish interprets `\\` and `\'`, and csh interprets
/// `!`, so these three stand outside.
pub(super) fn push_quoted(line: &mut Vec<u8>, quote_word: &[u8]) {
    let mut inside = false;
    let mut turn = |line: &mut Vec<u8>, to: bool| {
        if inside != to {
            line.push(b'\'');
            inside = to;
        }
    };
    for byte in quote_word {
        let special = matches!(byte, b'\'' | b'\\' | b'!');
        turn(line, !special);
        if special {
            line.push(b'\\');
        }
        line.push(*byte);
    }
    turn(line, false);
    if quote_word.is_empty() {
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
    fn a_script_of_many_lines_sees_none_of_our_variables() {
        let script = b"set | grep ploy_\necho \"$# $0\"\ncat <<END\n it's \\ fine!\nEND\nexit 0";
        assert_eq!(run("sh", script), b"0 sh\n it's \\ fine!\n");
    }

    #[test]
    fn every_login_shell_reads_a_quoted_word_back() {
        let text = "it's $HOME `id` \\ \"x\" ! !! * ~ é \\'";
        for shell in ["sh", "bash", "fish", "tcsh"] {
            let line = format!("printf %s {}", quote_word(text));
            let Ok(output) = Command::new(shell).args(["-c", &line]).output() else {
                continue;
            };
            assert_eq!(String::from_utf8_lossy(&output.stdout), text, "{shell}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn every_byte_reaches_the_script(value in proptest::collection::vec(1..=255_u8, 0..40)) {
            let mut script = b"printf %s ".to_vec();
            script.extend(crate::shell::quoted(&value));
            for login in ["sh", "bash"] {
                prop_assert_eq!(run(login, &script), value.clone());
            }
        }
    }
}
