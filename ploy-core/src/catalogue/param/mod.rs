//! Parameters of jobs and schedules, and what is given for them.

mod argument;
mod assert_given;
mod given;
mod into;
mod option_names;
mod param;
mod resolve;
mod value;

pub use argument::{Argument, OptionalArgument, Shape};
pub use assert_given::assert_given;
pub use given::{Arguments, Given};
pub use into::IntoArgument;
pub use option_names::option_of;
pub(super) use option_names::options_of;
pub use param::Param;
pub use resolve::resolve;
pub use value::{Choice, ParamValue};
