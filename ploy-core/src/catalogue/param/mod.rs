//! Parameters of jobs and schedules, and what is given for them.

mod argument;
mod given;
mod into;
mod names;
mod param;
mod resolve;
mod value;

pub use argument::{Argument, OptionalArgument, Shape};
pub use given::{Arguments, Given};
pub use into::IntoArgument;
pub use names::OPTIONS;
pub use names::assert_given;
pub use names::option_of;
pub(super) use names::{is_option, options_of};
pub use param::Param;
pub use resolve::resolve;
pub use value::{Choice, ParamValue};
