//! The parameters of jobs and schedules as options.
//!
//! [`owner`] finds the jobs and schedules whose parameters may be given, [`options`] makes options
//! of these, [`given`] holds what stands on the command line for them, and [`read`] makes values of
//! that. [`set_value`] is what `--set` and `ploy.toml` say for one job. [`usage`] and
//! [`value_kind`] say how a parameter is written.

mod given;
mod options;
mod owner;
mod read;
mod set_value;
mod usage;
mod value_kind;

pub(crate) use given::Parameters;
pub(crate) use options::{HEADING, PREFIX, options, set_option};
pub(crate) use owner::{Owner, jobs_with, owners};
pub(crate) use set_value::SetValue;
pub(crate) use usage::{remarks, usage};
