//! The rules of the macros, one a file: what must not compile, with what the compiler says then, and what must.

/// Runs the cases of one macro. Those that must not compile are only checked, as an editor does; those that must are run.
fn cases(of: &str) {
    trybuild::TestCases::new().compile_fail(format!("ui/{of}/fail/*.rs"));
    trybuild::TestCases::new().pass(format!("ui/{of}/pass/*.rs"));
}

#[test]
fn sites() {
    cases("sites");
}

#[test]
fn job() {
    cases("job");
}

#[test]
fn action() {
    cases("action");
}

#[test]
fn schedule() {
    cases("schedule");
}

#[test]
fn jobs() {
    cases("jobs");
}

#[test]
fn value() {
    trybuild::TestCases::new().compile_fail("ui/value/fail/*.rs");
}

#[test]
fn cmd() {
    cases("cmd");
}

#[test]
fn main() {
    cases("main");
}
