//! The jobs and schedules of a program.
//!
//! Macros fill the catalogue that [`linked`] finds; a program that embeds runs fills a
//! [`Catalogue`] of its own.

pub use ploy_core::catalogue::{
    IntoJobs, Job, JobAction, JobRef, Jobs, RESERVED, ScheduleBody, ScheduleEntry,
};
pub use ploy_runtime::engine::Catalogue;

/// What macros declare in the crates that are linked into this program. A crate that is nowhere
/// named is not linked: see `main!`'s `uses`.
pub mod linked {
    pub use ploy_runtime::engine::registration::{catalogue, topologies};
}
