//! The views for people: what is told of which event.

mod output;
mod plain;
mod remarks;
mod report;
mod transfers;

pub use plain::{Arrangement, Plain};
pub use transfers::size;
