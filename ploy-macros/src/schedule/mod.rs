//! `#[schedule]`: a function that says what runs, as data or as code.
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
pub(crate) fn schedule(arguments: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let arguments = parse::arguments(arguments, &mut errors);
    let function = errors
        .catch(Item::parse(item.clone()))
        .and_then(|parsed| parsed.function("schedule", &mut errors));
    let stripped = crate::params::stripped(item);
    match function.map(|function| check::check(arguments, function, &mut errors)) {
        Some(schedule) if errors.is_empty() => expand::expand(&schedule, &stripped),
        _ => fallback::fallback(&stripped, errors),
    }
}
