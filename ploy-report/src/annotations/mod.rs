//! Failures as annotations, where CI shows them beside the source.

mod annotations;
mod failures;
mod github;
mod workspace;

pub use annotations::Annotations;
