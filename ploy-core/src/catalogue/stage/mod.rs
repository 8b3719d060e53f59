//! Stages and what sets them: a [`Stage`] is a list of jobs with [`Options`], of which the [`Mode`]
//! and the [`Groups`] say in which order they run; a [`Schedule`] is a sequence of stages, each
//! with a [`Condition`], and [`Course`] decides it.

// Before the modules that use its macro.
#[macro_use]
mod setters;

mod amount;
mod condition;
mod course;
mod group_check;
mod groups;
mod mode;
mod options;
mod schedule;
mod stage;

pub use amount::Amount;
pub use condition::Condition;
pub use course::Course;
pub use group_check::GroupCheck;
pub use groups::Groups;
pub use mode::{Mode, Order, Width};
pub use options::Options;
pub use schedule::Schedule;
pub use stage::Stage;
