//! The error of a job: a chain of messages over any error of a library.

use std::fmt;
use std::panic::Location;

use super::{BoxError, CommandReport, FailureDetail, Kind};

/// A job's error: what it was doing (the context, outermost first), and the error below.
///
/// Made from any [`std::error::Error`] by `?`, so a job need not name the errors of the libraries
/// it uses. It does not implement [`std::error::Error`] itself (that is what makes the conversion
/// possible), but turns into a boxed one.
///
/// `{}` shows the outermost message, `{:#}` the whole chain.
///
/// ```
/// use ploy::error::{Context, Kind};
/// use ploy::Error;
///
/// fn port(text: &str) -> Result<u16, Error> {
///     Ok(text.parse::<u16>().context("the port in the load balancer's answer")?)
/// }
///
/// let error = port("eighty").unwrap_err();
/// assert_eq!(format!("{error:#}"), "the port in the load balancer's answer: invalid digit found in string");
/// assert_eq!(error.kind(), Kind::Other);
/// ```
pub struct Error {
    /// Innermost first: context is added from the inside out.
    context: Vec<String>,
    source: BoxError,
}

impl Error {
    /// An error that is only a message. In lower case, without a full stop, it reads well in a
    /// chain.
    pub fn msg(message: impl fmt::Display) -> Self {
        Error {
            context: Vec::new(),
            source: message.to_string().into(),
        }
    }

    #[doc(hidden)]
    pub fn from_box(source: BoxError) -> Self {
        match source.downcast::<Boxed>() {
            Ok(boxed) => boxed.0,
            Err(source) => Error {
                context: Vec::new(),
                source,
            },
        }
    }

    /// Says what was being done when this error came up.
    #[must_use]
    pub fn context(mut self, context: impl fmt::Display) -> Self {
        self.context.push(context.to_string());
        self
    }

    /// What sort of error this is: that of the library's failure anywhere in the chain, else
    /// [`Kind::Other`].
    pub fn kind(&self) -> Kind {
        self.detail().map_or(Kind::Other, FailureDetail::kind)
    }

    /// What to do about it, if anything is known.
    pub fn hint(&self) -> Option<&str> {
        self.detail().and_then(FailureDetail::hint)
    }

    /// The failed command, if a command's failure is in the chain.
    pub fn command(&self) -> Option<&CommandReport> {
        self.detail().and_then(FailureDetail::command)
    }

    /// The place in the job's source that asked for what failed.
    pub fn at(&self) -> Option<&'static Location<'static>> {
        self.detail().and_then(FailureDetail::at)
    }

    /// The messages, outermost first.
    pub fn messages(&self) -> impl Iterator<Item = String> + '_ {
        let mut last = String::new();
        self.context
            .iter()
            .rev()
            .cloned()
            .chain(self.sources().map(ToString::to_string))
            .filter(move |message| {
                // Some wrappers repeat the error below them.
                let repeated = last == *message || last.ends_with(&format!(": {message}"));
                last.clone_from(message);
                !repeated
            })
    }

    /// Whether the events of the run tell this error already: it is a stage's outcome.
    #[doc(hidden)]
    pub fn is_reported(&self) -> bool {
        self.detail().is_some_and(FailureDetail::is_reported)
    }

    fn sources(&self) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
        std::iter::successors(
            Some(&*self.source as &(dyn std::error::Error + 'static)),
            |error| error.source(),
        )
    }

    fn detail(&self) -> Option<&FailureDetail> {
        self.sources()
            .find_map(|error| error.downcast_ref::<FailureDetail>())
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Error {
            context: Vec::new(),
            source: Box::new(error),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut messages = self.messages();
        if let Some(first) = messages.next() {
            f.write_str(&first)?;
        }
        if f.alternate() {
            messages.try_for_each(|message| write!(f, ": {message}"))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:#}")
    }
}

/// An [`Error`] that can stand where a standard error is wanted.
struct Boxed(Error);

impl From<Error> for BoxError {
    fn from(error: Error) -> Self {
        Box::new(Boxed(error))
    }
}

impl From<Error> for Box<dyn std::error::Error> {
    fn from(error: Error) -> Self {
        Box::new(Boxed(error))
    }
}

impl fmt::Display for Boxed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Boxed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl std::error::Error for Boxed {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // With context, the outermost message is ours and the source follows it.
        if self.0.context.is_empty() {
            self.0.source.source()
        } else {
            Some(&*self.0.source)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Context, Failure};
    use super::*;

    fn failure() -> Failure {
        Failure::new(
            Kind::Command,
            "command failed on web1",
            "`false` exited with status 1",
        )
        .with_hint("look at it")
    }

    #[test]
    fn a_failure_is_told_through_boxes_and_context() {
        let error = Error::from(failure()).context("while testing");
        assert_eq!(
            format!("{error:#}"),
            "while testing: command failed on web1: `false` exited with status 1"
        );
        let boxed: BoxError = error.into();
        let back = Error::from_box(boxed);
        assert_eq!(back.kind(), Kind::Command);
        assert_eq!(back.hint(), Some("look at it"));
    }

    #[test]
    fn context_on_results_and_options() {
        let missing: Option<u8> = None;
        assert_eq!(
            missing.context("no port").unwrap_err().to_string(),
            "no port"
        );
        let failed: Result<(), Failure> = Err(failure());
        assert_eq!(failed.context("upload").unwrap_err().kind(), Kind::Command);
    }
}
