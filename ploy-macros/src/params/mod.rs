//! The parameters of a function: its arguments after the first, or all of a schedule in data.
//!
//! [`parse`] reads them off the signature to the [`model`] and holds their rules, [`strip`] takes
//! away what the compiler does not know on them, and [`expand`] writes their descriptions and
//! values.

mod expand;
mod model;
mod parse;
mod strip;

pub(crate) use expand::{agreements, checks, definitions, list, setters, values};
pub(crate) use model::Param;
pub(crate) use parse::{of, refuse_attributes};
pub(crate) use strip::stripped;
