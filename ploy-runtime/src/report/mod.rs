//! Consumers of events.

mod lines;
mod plain;
mod roster;
mod safe;
mod style;
mod summary;

pub use plain::Plain;
pub(crate) use safe::safe;
pub use style::{ColorChoice, Palette};
#[cfg(feature = "cli")]
pub(crate) use summary::{count, duration, render_fault};
