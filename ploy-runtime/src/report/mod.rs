//! Consumers of events.

mod lines;
mod plain;
#[cfg(feature = "cli")]
mod progress;
mod roster;
mod style;
mod summary;

pub(crate) use crate::shell::safe;
pub use plain::Plain;
#[cfg(feature = "cli")]
pub(crate) use progress::Attendant;
pub use style::{ColorChoice, Palette};
#[cfg(feature = "cli")]
pub(crate) use summary::{count, duration, render_fault};
