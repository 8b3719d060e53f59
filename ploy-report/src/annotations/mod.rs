//! Failures as annotations, where CI shows them beside the source.
//!
//! `annotations` is the reporter, `annotated_failures` what it keeps of a run, `github` the form in
//! which GitHub Actions reads it, and `workspace` finds the paths of sources.

mod annotated_failures;
mod annotations;
mod github;
mod workspace;

pub use annotations::Annotations;
