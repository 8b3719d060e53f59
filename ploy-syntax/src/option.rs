//! The options of a deploy binary.

use crate::constant::compare;

/// The options of every deploy binary, present and to come, by their long names, sorted by bytes. A
/// parameter of such a name could not be given.
pub const GLOBAL_OPTIONS: &[&str] = &[
    "annotations",
    "as",
    "ask-sudo-pass",
    "backoff",
    "break-on-error",
    "close",
    "color",
    "complete",
    "concurrency",
    "diff",
    "dry",
    "dry-run",
    "exclude",
    "fanout",
    "fold",
    "forks",
    "format",
    "groups",
    "help",
    "hosts",
    "idle-timeout",
    "json",
    "junit",
    "keep-going",
    "limit",
    "lock-wait",
    "log-dir",
    "max-fail",
    "mode",
    "no-input",
    "no-keep",
    "no-lock",
    "once",
    "output",
    "pause",
    "profile",
    "progress",
    "quiet",
    "resume",
    "retries",
    "roles",
    "script",
    "set",
    "sites",
    "start-from",
    "step",
    "sudo",
    "sudo-pass-command",
    "sudo-pass-fd",
    "sudo-pass-file",
    "task-timeout",
    "timeout",
    "verbose",
    "version",
    "yes",
];

/// What is appended to the name of a secret parameter to make its options: a secret is read from a
/// file or a descriptor, never from the command line, which others can see.
pub const SECRET_SUFFIXES: [&str; 2] = ["-file", "-fd"];

/// Whether every deploy binary has an option of this name.
pub const fn is_global_option(name: &str) -> bool {
    is_taken(name, "")
}

/// Whether every deploy binary has an option of a secret parameter of this name.
pub const fn is_taken_by_secret(name: &str) -> bool {
    let mut index = 0;
    while index < SECRET_SUFFIXES.len() {
        if is_taken(name, SECRET_SUFFIXES[index]) {
            return true;
        }
        index += 1;
    }
    false
}

/// Whether a parameter of this name could clash, whatever its type is. A macro, which does not know
/// types, asks this before it writes an exact check, which the compiler must evaluate.
pub const fn can_clash(name: &str) -> bool {
    is_global_option(name) || is_taken_by_secret(name)
}

/// Looks for two texts, one behind the other, by halves.
const fn is_taken(name: &str, suffix: &str) -> bool {
    let (mut low, mut high) = (0, GLOBAL_OPTIONS.len());
    while low < high {
        let middle = low + (high - low) / 2;
        match compare_joined(GLOBAL_OPTIONS[middle], name, suffix) {
            0 => return true,
            1 => high = middle,
            _ => low = middle + 1,
        }
    }
    false
}

/// As [`compare`], of a text with two others, one behind the other.
const fn compare_joined(text: &str, begin: &str, end: &str) -> u8 {
    let text = text.as_bytes();
    if text.len() < begin.len() {
        return compare(text, begin.as_bytes());
    }
    let (head, tail) = text.split_at(begin.len());
    match compare(head, begin.as_bytes()) {
        0 => compare(tail, end.as_bytes()),
        order => order,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_every_entry_is_found() {
        assert!(GLOBAL_OPTIONS.is_sorted());
        for option in GLOBAL_OPTIONS {
            assert!(is_global_option(option), "{option}");
        }
        for other in ["", "a", "tag", "limits", "limi", "zzz", "sudo-"] {
            assert!(!is_global_option(other), "{other}");
        }
    }

    #[test]
    fn secrets_have_options_of_other_names() {
        assert!(is_taken_by_secret("sudo-pass") && can_clash("sudo-pass"));
        assert!(!is_global_option("sudo-pass"));
        assert!(can_clash("limit") && !is_taken_by_secret("limit"));
        assert!(!can_clash("tag") && !is_taken_by_secret("sudo-pas"));
    }
}
