//! `#[derive(ParamValue)]`.

mod expand;
mod parse;

use proc_macro2::{Ident, TokenStream};

use crate::crate_path::CratePath;
use crate::errors::Errors;

/// The type of a parameter's values.
struct Value {
    ident: Ident,
    krate: CratePath,
    body: Body,
}

enum Body {
    /// An enum: one value for each variant.
    Choices(Vec<Choice>),
    /// A type that reads and writes itself, by `FromStr` and `Display`.
    Text,
}

/// A variant, and how it is written.
struct Choice {
    ident: Ident,
    name: String,
    help: String,
}

/// The whole macro.
pub(crate) fn value(tokens: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let value = parse::parse(tokens, &mut errors);
    match value {
        Some(value) if errors.is_empty() => expand::expand(&value),
        // What is wrong is said once: whatever has the type as a parameter compiles.
        Some(value) => expand::fallback(&value, errors),
        None => errors.into_tokens(),
    }
}
