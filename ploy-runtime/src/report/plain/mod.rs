//! The view for people.

mod output;
mod plain;
mod remarks;
mod report;

pub use plain::Plain;
