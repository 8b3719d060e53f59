//! Parameters of jobs and schedules: what they may be, and what is given for them.

pub use ploy_core::catalogue::{
    Argument, Arguments, Choice, Given, IntoArgument, Param, ParamValue, Shape,
};
pub use ploy_macros::ParamValue;
