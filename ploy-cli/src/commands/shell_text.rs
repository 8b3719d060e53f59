//! The shell text that words of a command line stand for.

use ploy_core::error::Problem;
use ploy_runtime::shell::quoted;

/// The shell text that words of a command line stand for: one word is the text itself; of several
/// each is one word for the shell there too, whatever is in it.
pub(crate) fn text(words: &[String]) -> Result<String, Problem> {
    let text = match words {
        [text] => text.clone(),
        words => joined(words),
    };
    if text.trim().is_empty() {
        return Err(Problem::new("there is no command to run")
            .with_hint("write it in quotes: exec 'df -h / | tail -n 1'"));
    }
    Ok(text)
}

/// Each word quoted.
pub(crate) fn joined(words: &[String]) -> String {
    let quoted: Vec<String> = words
        .iter()
        // Quoting adds ASCII only, so the text stays valid UTF-8.
        .map(|word| String::from_utf8_lossy(&quoted(word.as_bytes())).into_owned())
        .collect();
    quoted.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[&str]) -> Option<String> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        text(&words).ok()
    }

    #[test]
    fn one_word_is_text_and_several_are_words() {
        assert_eq!(of(&["ls -l | wc -l"]).unwrap(), "ls -l | wc -l");
        assert_eq!(
            of(&["ls", "-l", "a b", "$HOME", ""]).unwrap(),
            "ls -l 'a b' '$HOME' ''"
        );
        assert_eq!(of(&["rm", "a;b"]).unwrap(), "rm 'a;b'");
    }

    #[test]
    fn nothing_is_no_command() {
        assert_eq!(of(&[""]), None);
        assert_eq!(of(&["  \n"]), None);
    }
}
