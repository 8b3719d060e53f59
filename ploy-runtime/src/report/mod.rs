//! Consumers of events.

mod annotations;
mod json;
#[cfg(feature = "junit")]
mod junit;
mod lines;
mod plain;
mod roster;
mod style;
mod summary;

pub(crate) use crate::shell::safe;
pub use annotations::Annotations;
pub use json::Json;
#[cfg(feature = "junit")]
pub use junit::Junit;
pub use plain::Plain;
pub use style::{ColorChoice, Palette};
#[cfg(feature = "cli")]
pub(crate) use summary::{count, duration, render_fault};
