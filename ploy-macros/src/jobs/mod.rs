//! `jobs![..]`: a list of jobs, and what they are given.
//!
//! [`parse`] reads the list to the [`model`] and holds its rules, and [`expand`] writes it. Where
//! something is wrong, the list without the wrong entries is the fallback.

mod expand;
mod model;
mod parse;

use proc_macro2::TokenStream;

use crate::input::errors::Errors;

/// The whole macro.
pub(crate) fn jobs(tokens: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let list = parse::list(tokens, &mut errors);
    expand::expand(&list, errors)
}
