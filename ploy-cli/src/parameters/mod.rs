//! The parameters of jobs and schedules as options.

mod given;
mod options;
mod owner;
mod read;

pub(super) use given::Parameters;
pub(super) use options::{HEADING, PREFIX, options, remarks, set_option, usage};
pub(super) use owner::{Owner, jobs_with, owner, owners};
