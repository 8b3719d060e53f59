//! The check of `jobs![..]` that a job is given what it must be.

use ploy_syntax::constant::{Message, equal};

use super::Param;

/// Ends the compilation if a job is not given what it must be. In a constant, at the job's name in
/// `jobs![..]`.
///
/// `params` are its parameters, and `given` the names in code of those that it is given.
///
/// # Panics
///
/// If something is missing: that is the error.
#[track_caller]
pub const fn assert_given(job: &str, params: &[Param], given: &[&str]) {
    let mut message = Message::new();
    let mut index = 0;
    while index < params.len() {
        let name = params[index].setter();
        if params[index].is_required() && !contains(given, name) {
            message.push(if message.is_empty() {
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
    if !message.is_empty() {
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
