//! Groups of options that commands share: what stands on the command line, and what it was read as.
//!
//! Each group is a file with the definition of its options and the type that they are parsed into;
//! nothing here acts. [`shared`] has all of them together, as every command is given them.
//! [`origin`] says how near to the command line a value was given, which decides between two of
//! them. [`names`] is the argument by which jobs are named. [`parameters`] are the options that the
//! parameters of jobs and schedules make.

pub(crate) mod color;
pub(crate) mod dry_run;
pub(crate) mod keep;
pub(crate) mod names;
pub(crate) mod origin;
pub(crate) mod output;
pub(crate) mod parameters;
pub(crate) mod passwords;
pub(crate) mod progress;
pub(crate) mod prompts;
pub(crate) mod reports;
pub(crate) mod scheduling;
pub(crate) mod selection;
pub(crate) mod shared;
