//! Jobs, their actions, and schedules. Pure: what an action *does* is a type parameter, which the engine fills in.

// Before the modules that use its macro.
#[macro_use]
mod setters;

mod amount;
mod catalogue;
mod group_check;
mod groups;
mod jobs;
mod mode;
mod options;
mod param;
mod schedule;
mod stage;
mod validate;
mod wants;

pub use amount::Amount;
pub use catalogue::{Catalogue, Job, JobAction, ScheduleBody, ScheduleEntry};
pub use group_check::GroupCheck;
pub use groups::Groups;
pub use jobs::{IntoJobs, JobRef, Jobs};
pub use mode::Mode;
pub use mode::{Order, Width};
pub use options::Options;
pub use param::option_of;
pub use param::resolve;
pub use param::{
    Argument, Arguments, Choice, Given, IntoArgument, OptionalArgument, Param, ParamValue, Shape,
    assert_given,
};
pub use ploy_syntax::command::RESERVED;
pub use schedule::Course;
pub use schedule::Schedule;
pub use stage::{Condition, Stage};
