//! Jobs, their actions, and schedules. What an action *does* is a type parameter, which the engine
//! fills in.
//!
//! A [`Catalogue`] holds the [`Job`]s (`job`) and schedules (`schedule_entry`) of a program;
//! `param` is what they take, `job_list` how stages list them, `stage` what a stage is; `validate`
//! says what is wrong with all of it.

mod catalogue;
mod job;
mod job_list;
mod param;
mod place;
mod schedule_entry;
mod stage;
mod validate;
mod validate_params;

pub use catalogue::Catalogue;
pub use job::{Job, JobAction};
pub use job_list::{IntoJobs, JobRef, Jobs};
pub use param::option_of;
pub use param::resolve;
pub use param::{
    Argument, Arguments, Choice, Given, IntoArgument, OptionalArgument, Param, ParamValue, Shape,
    assert_given,
};
pub use ploy_syntax::command::RESERVED;
pub use schedule_entry::{ScheduleBody, ScheduleEntry};
pub use stage::{
    Amount, Condition, Course, GroupCheck, Groups, Mode, Options, Order, Schedule, Stage, Width,
};
