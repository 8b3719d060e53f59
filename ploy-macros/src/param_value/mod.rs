//! `#[derive(ParamValue)]`: a type of the user's own as the type of a parameter.
//!
//! [`parse`] reads the item to the [`model`] and holds its rules, [`expand`] writes the
//! implementation, and [`fallback`] one that compiles where something is wrong.

mod expand;
mod fallback;
mod model;
mod parse;

use proc_macro2::TokenStream;

use crate::input::errors::Errors;

/// The whole macro.
pub(crate) fn param_value(tokens: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let value = parse::parse(tokens, &mut errors);
    match value {
        Some(value) if errors.is_empty() => expand::expand(&value),
        // What is wrong is said once: whatever has the type as a parameter compiles.
        Some(value) => fallback::fallback(&value, errors),
        None => errors.into_tokens(),
    }
}
