//! Says what was being done when something failed.

use std::fmt;

use super::Error;

/// Adds context to a result or an option, turning it into one with [`Error`].
///
/// Not part of the prelude, where it would clash with `anyhow`'s trait of the same name.
pub trait Context<T> {
    /// Says what was being done; for `None`, the whole message.
    ///
    /// # Errors
    ///
    /// The error that was there, with the context before it.
    fn context(self, context: impl fmt::Display) -> Result<T, Error>;

    /// As [`context`](Context::context), made only when it is needed.
    ///
    /// # Errors
    ///
    /// The error that was there, with the context before it.
    fn with_context<C: fmt::Display>(self, context: impl FnOnce() -> C) -> Result<T, Error>;
}

impl<T, E: Into<Error>> Context<T> for Result<T, E> {
    fn context(self, context: impl fmt::Display) -> Result<T, Error> {
        self.map_err(|error| error.into().context(context))
    }

    fn with_context<C: fmt::Display>(self, context: impl FnOnce() -> C) -> Result<T, Error> {
        self.map_err(|error| error.into().context(context()))
    }
}

impl<T> Context<T> for Option<T> {
    fn context(self, context: impl fmt::Display) -> Result<T, Error> {
        self.ok_or_else(|| Error::msg(context))
    }

    fn with_context<C: fmt::Display>(self, context: impl FnOnce() -> C) -> Result<T, Error> {
        self.ok_or_else(|| Error::msg(context()))
    }
}
