//! Names that parameters cannot have.

use super::{Param, Shape};
use crate::error::constant::{Message, compare, equal};

/// The options of every deploy binary, present and to come, by their long names. A parameter of such a name could not be
/// given.
pub const OPTIONS: &[&str] = &[
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

/// Whether every deploy binary has an option of this name, with this behind it.
pub(in crate::catalogue) const fn is_option(name: &str, end: &str) -> bool {
    let mut index = 0;
    while index < OPTIONS.len() {
        if is_joined(OPTIONS[index], name, end) {
            return true;
        }
        index += 1;
    }
    false
}

/// Whether a text is these two, one behind the other.
const fn is_joined(text: &str, begin: &str, end: &str) -> bool {
    if text.len() != begin.len() + end.len() {
        return false;
    }
    let (head, tail) = text.as_bytes().split_at(begin.len());
    compare(head, begin.as_bytes()) == 0 && compare(tail, end.as_bytes()) == 0
}

/// All options by which a parameter is given.
pub(in crate::catalogue) fn options_of(param: &Param) -> Vec<String> {
    let name = param.name();
    match param.shape() {
        Shape::Secret => vec![format!("{name}-file"), format!("{name}-fd")],
        _ => vec![name.to_owned()],
    }
}

/// The option by which a parameter is given: of a secret, only where it comes from.
pub fn option_of(param: &Param) -> String {
    match param.shape() {
        Shape::Secret => format!("{}-file", param.name()),
        _ => param.name().to_owned(),
    }
}

/// Ends the compilation if a job is not given what it must be. In a constant, at the job's name in `jobs![..]`.
///
/// `params` are the names of its parameters, each with whether it must be given, and `given` those that are.
///
/// # Panics
///
/// If something is missing: that is the error.
#[track_caller]
pub const fn assert_given(job: &str, params: &[(&str, bool)], given: &[&str]) {
    let mut message = Message::new();
    let mut index = 0;
    while index < params.len() {
        let (name, required) = params[index];
        if required && !contains(given, name) {
            message.push(if message.len() == 0 {
                "the job `"
            } else {
                ", `"
            });
            if message.len() == "the job `".len() {
                message.push(job);
                message.push("` must be given its `");
            }
            message.push(name);
            message.push("`");
        }
        index += 1;
    }
    if message.len() > 0 {
        message.push(": write `(name = value)` after it");
        panic!("{}", message.as_str());
    }
}

const fn contains(names: &[&str], name: &str) -> bool {
    let mut index = 0;
    while index < names.len() {
        if equal(names[index], name) {
            return true;
        }
        index += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_options_are_taken() {
        assert!(is_option("limit", "") && is_option("sudo-pass", "-file"));
        assert!(!is_option("tag", "") && !is_option("limits", "") && !is_option("limit", "-fd"));
    }
}
