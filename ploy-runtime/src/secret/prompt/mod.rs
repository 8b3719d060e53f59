//! Asking a person on the terminal of this process.
//!
//! `prompt_terminal` asks one question at a time, by `keys` that are read without being shown;
//! `prompt_error` says why there is no answer. `consent` asks questions for jobs and schedules.

mod consent;
mod keys;
mod prompt_error;
mod prompt_terminal;

pub use consent::Consent;
pub(crate) use prompt_error::PromptError;
pub(crate) use prompt_terminal::terminal;
