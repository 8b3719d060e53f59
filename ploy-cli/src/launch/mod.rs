//! From names on a command line to the end of a run.
//!
//! [`target`] looks the names up, [`problems`] says what stands in the way of that, [`prepare`]
//! builds its plan, and [`start`] runs it. What that needs: [`reporters`] that are told of the run,
//! [`passwords`] for sudo, [`connections`] that are kept, [`signals`] that end it, and [`steps`],
//! which asks before each job. [`retry_words`] is the command line to try it again.

pub(crate) mod connections;
pub(crate) mod passwords;
pub(crate) mod prepare;
mod problems;
pub(crate) mod reporters;
pub(crate) mod retry_words;
pub(crate) mod signals;
pub(crate) mod start;
pub(crate) mod steps;
pub(crate) mod target;
