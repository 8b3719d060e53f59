//! `main!`: the `main` of a deploy binary.
//!
//! [`parse`] reads the keys to the [`model`], [`check`] holds the rules, [`expand`] writes `main`
//! and a test of the catalogue, and [`fallback`] an empty `main` where something is wrong.

mod check;
mod expand;
mod fallback;
mod model;
mod parse;

use proc_macro2::TokenStream;

use crate::input::errors::Errors;

/// The whole macro.
pub(crate) fn main(tokens: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let app = parse::app(tokens, &mut errors);
    check::check(&app, &mut errors);
    if errors.is_empty() {
        expand::expand(&app)
    } else {
        fallback::fallback(errors)
    }
}
