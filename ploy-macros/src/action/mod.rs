//! `#[action]`: a function that joins a job.
//!
//! [`parse`] reads the arguments to the [`model`], [`check`] holds the rules, [`expand`] writes the
//! function and its registration, and [`fallback`] the function alone where something is wrong.

mod check;
mod expand;
mod fallback;
mod model;
mod parse;

use proc_macro2::TokenStream;

use crate::input::errors::Errors;
use crate::input::item::Item;

/// The whole macro.
pub(crate) fn action(arguments: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let has_arguments = !arguments.is_empty();
    let arguments = parse::arguments(arguments, &mut errors);
    let function = errors
        .catch(Item::parse(item.clone()))
        .and_then(|parsed| parsed.function("action", &mut errors));
    let stripped = crate::params::stripped(item);
    match check::check(arguments, has_arguments, function, &mut errors) {
        Some(action) if errors.is_empty() => expand::expand(action, &stripped),
        _ => fallback::fallback(&stripped, errors),
    }
}
