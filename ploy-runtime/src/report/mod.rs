//! Consumers of events.

mod lines;
mod plain;
mod safe;
mod style;
mod summary;

pub use plain::Plain;
pub(crate) use safe::safe;
pub use style::{ColorChoice, Palette};
pub(crate) use summary::render_fault;
