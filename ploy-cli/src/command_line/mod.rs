//! The words of a command line: what may stand there, and what they were read as.
//!
//! [`grammar`](mod@grammar) is put together from the options that commands share and from the
//! commands. [`read`] reads words by it, with what the [`environment`] and the [`project`]'s file
//! say, and [`option_errors`] says what is wrong with an option. [`completion`] answers a shell at
//! the Tab key.

pub(crate) mod completion;
mod environment;
mod grammar;
mod option_errors;
mod project;
pub(crate) mod read;
#[cfg(test)]
mod tests;
