//! Questions to the arguments that a user gives for rsync.

use std::ffi::{OsStr, OsString};

/// The short options of rsync that take a value, which may follow in the same word.
const WITH_VALUE: &[u8] = b"BMTef@";

/// Whether an option is among the arguments, in a word of its own or among other short ones.
pub(super) fn has(arguments: &[OsString], short: u8, long: &str) -> bool {
    arguments.iter().any(|argument| {
        let bytes = argument.as_encoded_bytes();
        match bytes {
            [b'-', b'-', name @ ..] => name == long.as_bytes(),
            [b'-', letters @ ..] => letters
                .iter()
                .take_while(|letter| !WITH_VALUE.contains(letter))
                .any(|letter| *letter == short),
            _ => false,
        }
    })
}

/// Whether rsync deletes all that is not in the source.
pub(super) fn should_delete(arguments: &[OsString]) -> bool {
    // `--delete-missing-args` deletes only what was named.
    words(arguments).any(|word| {
        word == "--del" || word.starts_with("--delete") && word != "--delete-missing-args"
    })
}

/// Whether they say when it deletes. rsync takes no more than one word on that.
pub(super) fn say_when_to_delete(arguments: &[OsString]) -> bool {
    let when = [
        "--del",
        "--delete-before",
        "--delete-during",
        "--delete-delay",
        "--delete-after",
    ];
    words(arguments).any(|word| when.contains(&word))
}

/// Whether something is left out of what is moved.
pub(super) fn have_excludes(arguments: &[OsString]) -> bool {
    words(arguments).any(|word| {
        ["--exclude", "--filter", "-f"]
            .iter()
            .any(|begin| word.starts_with(begin))
    })
}

/// The program that is to run on the site, where it is another than `rsync`.
pub(super) fn program(arguments: &[OsString]) -> Option<&str> {
    let mut found = None;
    let mut words = arguments.iter().map(|argument| argument.to_str());
    while let Some(word) = words.next() {
        match word {
            Some("--rsync-path") => found = words.next().flatten().or(found),
            Some(word) => found = word.strip_prefix("--rsync-path=").or(found),
            None => {}
        }
    }
    found
}

fn words(arguments: &[OsString]) -> impl Iterator<Item = &str> {
    arguments
        .iter()
        .map(OsString::as_os_str)
        .filter_map(OsStr::to_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(words: &[&str]) -> Vec<OsString> {
        words.iter().map(Into::into).collect()
    }

    #[test]
    fn an_option_may_stand_among_others() {
        for words in [&["-n"][..], &["--dry-run"], &["-x", "-avn"], &["-nefoo"]] {
            assert!(has(&list(words), b'n', "dry-run"), "{words:?}");
        }
        for words in [&["-av"][..], &["-essh -n"], &["-Tn"], &["--dry", "n"]] {
            assert!(!has(&list(words), b'n', "dry-run"), "{words:?}");
        }
    }

    #[test]
    fn what_deletes_is_known() {
        for word in ["--delete", "--del", "--delete-excluded", "--delete-after"] {
            assert!(should_delete(&list(&["-v", word])), "{word}");
        }
        assert!(!should_delete(&list(&[
            "--delete-missing-args",
            "--exclude=--del"
        ])));
        assert!(say_when_to_delete(&list(&["--delete-delay"])));
        assert!(!say_when_to_delete(&list(&[
            "--delete-excluded",
            "--delete"
        ])));
    }

    #[test]
    fn the_last_program_wins_in_one_word_or_two() {
        let of = |words: &[&str]| program(&list(words)).map(str::to_owned);
        assert_eq!(of(&["-v"]), None);
        assert_eq!(of(&["--rsync-path=a b"]).as_deref(), Some("a b"));
        assert_eq!(
            of(&["--rsync-path=a", "--rsync-path", "b c"]).as_deref(),
            Some("b c")
        );
        assert_eq!(
            of(&["--rsync-path", "b", "--rsync-path=a"]).as_deref(),
            Some("a")
        );
    }
}
