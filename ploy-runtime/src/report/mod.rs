//! Consumers of events.

mod json;
mod lines;
mod plain;
mod roster;
mod style;
mod summary;

pub(crate) use crate::shell::safe;
pub use json::Json;
pub use plain::Plain;
pub use style::{ColorChoice, Palette};
#[cfg(feature = "cli")]
pub(crate) use summary::{count, duration, render_fault};
