//! Parameters of jobs and schedules, and what is given for them.

mod argument;
mod given;
mod into;
mod names;
mod param;
mod resolve;
mod value;

pub use argument::{Argument, Shape};
pub use given::{Arguments, Given};
pub use into::IntoArgument;
#[cfg(all(test, feature = "cli"))]
pub(crate) use names::OPTIONS;
pub use names::assert_given;
pub(crate) use names::{is_option, option_of, options_of};
pub use param::Param;
pub(crate) use resolve::resolve;
pub use value::{Choice, ParamValue};
