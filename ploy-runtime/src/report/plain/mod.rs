//! The view for people.

mod output;
mod plain;
mod remarks;
mod report;
mod transfers;

pub use plain::Plain;
#[cfg(feature = "cli")]
pub(super) use transfers::size;
