//! What `main!` makes where something is wrong.

use proc_macro2::TokenStream;
use quote::quote;

use crate::input::errors::Errors;

/// The errors, and a `main` so that none is missed.
pub(super) fn fallback(errors: Errors) -> TokenStream {
    let errors = errors.into_tokens();
    quote!(#errors fn main() {})
}
