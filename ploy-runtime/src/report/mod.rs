//! Consumers of events.

mod again;
mod annotations;
mod ci;
mod cut;
mod detail;
mod failures;
mod fold;
mod group;
mod json;
#[cfg(feature = "junit")]
mod junit;
mod layout;
mod lines;
mod plain;
#[cfg(feature = "cli")]
mod progress;
mod roster;
mod screen;
mod spool;
mod stream;
mod style;
mod summary;
mod table;

pub use again::Again;
pub use annotations::Annotations;
pub use ci::CiLog;
pub(crate) use cut::cut;
pub use detail::Detail;
#[cfg(feature = "cli")]
pub(crate) use failures::render_fault;
pub use json::Json;
#[cfg(feature = "junit")]
pub use junit::Junit;
pub use plain::{Arrangement, Plain};
#[cfg(feature = "cli")]
pub(crate) use progress::Attendant;
pub use style::{ColorChoice, Palette};
#[cfg(feature = "cli")]
pub(crate) use summary::{count, duration};
