//! What can go wrong, and how it is told.
//!
//! Library operations return [`Failure`], which implements [`std::error::Error`] and so passes
//! through `?` in a job that returns `ploy::Result`, `anyhow::Result` or any boxed error. A job's
//! own error is [`Error`], which is made from any standard error. Both know their [`Kind`] and a
//! hint, which is shown apart from the message.

pub(crate) mod bytes;
mod context;
mod error;
mod failure;
mod kind;
mod problem;
mod source;

pub use context::Context;
pub use error::Error;
pub use failure::{CommandReport, Failure, FailureDetail};
pub use kind::Kind;
pub use ploy_syntax::suggest::did_you_mean;
pub use problem::Problem;
pub use source::Source;

/// The result of a job: `()` unless told otherwise, and [`Error`] unless told otherwise, so that
/// `Result<(), std::io::Error>` still means what it says.
pub type Result<T = (), E = Error> = std::result::Result<T, E>;

/// An error behind a box, as the standard library writes it.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
