//! The rules that ploy's macros and its runtime both apply.
//!
//! The crate exists so that each rule has one home. What `sites!` refuses when a binary is
//! compiled, the import of a file must refuse when it runs; a name that the command line keeps for
//! itself must be unknown to no macro. Macros and runtime cannot share code otherwise: a crate of
//! macros exports nothing else, and must not depend on the runtime.
//!
//! | module | what it holds |
//! |---|---|
//! | [`name`] | how sites, roles, jobs, schedules, parameters and variables may be named |
//! | [`range`] | ranges in names, as in `db[01-12]`, and how many names one may stand for |
//! | [`setting`] | the settings of a site, what each takes, and what its text must not hold |
//! | [`command`] | the commands of a deploy binary, and the names it keeps for commands to come |
//! | [`option`] | the options of a deploy binary, which no parameter may be named after |
//! | [`suggest`] | "did you mean": which known word is near enough to a mistyped one |
//! | [`constant`] | text in constants, for checks that the compiler evaluates |
//!
//! A rule says what is wrong as a typed error. The words are those of whoever speaks: a macro
//! points at a token, an import names the file, a selector counts characters.
//!
//! What may not go in: anything that only one side uses, anything that reads a token, a file or a
//! clock, and every dependency but strsim. All proc macros wait for this crate to be built.

#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))] // In a test a panic is the message.

pub mod command;
pub mod constant;
pub mod name;
pub mod option;
pub mod range;
pub mod setting;
pub mod suggest;
