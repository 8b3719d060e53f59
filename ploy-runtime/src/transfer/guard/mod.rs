//! Refuses dangerous or senseless requests before anything is moved.
//!
//! [`check`] looks at a whole request. For a transfer that deletes it asks [`mirror`] about paths
//! as they are written, and [`local_mirror`] about paths on this machine, wherever links lead; a
//! [`refusal`] says why. What only another host can know is asked there, by rsync's start.

mod check;
mod local_mirror;
mod mirror;
mod refusal;

pub(super) use check::{NAME_ANOTHER, check};
pub(super) use mirror::goes_to;
