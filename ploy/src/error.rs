//! What can go wrong, and how it is told.

pub use ploy_core::error::{
    BoxError, CommandReport, Context, Error, Failure, FailureDetail, Kind, Problem, Result, Source,
};
