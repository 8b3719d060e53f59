//! Jobs, their actions, and schedules. Pure: what an action *does* is a type parameter, which the engine fills in.

mod amount;
mod catalogue;
mod check;
mod groups;
mod jobs;
mod mode;
mod options;
mod param;
mod schedule;
mod setters;
mod stage;
mod validate;
mod wants;

pub use amount::Amount;
pub use catalogue::{Catalogue, Job, JobAction, ScheduleBody, ScheduleEntry};
pub use check::Check;
pub use groups::Groups;
pub use jobs::{IntoJobs, JobRef, Jobs};
pub use mode::Mode;
pub(crate) use mode::{Order, Width};
pub use options::Options;
#[cfg(all(test, feature = "cli"))]
pub(crate) use param::OPTIONS;
#[cfg(feature = "cli")]
pub(crate) use param::option_of;
pub(crate) use param::resolve;
pub use param::{
    Argument, Arguments, Choice, Given, IntoArgument, Param, ParamValue, Shape, assert_given,
};
pub(crate) use schedule::Course;
pub use schedule::Schedule;
pub(crate) use setters::option_setters;
pub use stage::{Condition, Stage};
pub use validate::RESERVED;
