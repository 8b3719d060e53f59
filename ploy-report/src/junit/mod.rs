//! A run as a report of tests, for what shows those of CI.

mod book;
mod case;
mod file;
mod junit;
mod render;

pub use junit::Junit;
