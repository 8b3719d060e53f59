//! Jobs, their actions, and schedules. Pure: what an action *does* is a type parameter, which the engine fills in.

mod catalogue;
mod jobs;
mod options;
mod schedule;
mod validate;

pub use catalogue::{Catalogue, Job, JobAction, ScheduleBody, ScheduleEntry};
pub use jobs::{IntoJobs, JobRef, Jobs};
pub(crate) use options::option_setters;
pub use options::{Mode, Options};
pub use schedule::{Schedule, Stage};
pub use validate::RESERVED;
