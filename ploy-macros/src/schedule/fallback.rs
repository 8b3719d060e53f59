//! What `#[schedule]` makes where something is wrong.

use proc_macro2::TokenStream;
use quote::quote;

use crate::input::errors::Errors;

/// The errors, and the item alone: a schedule has no name that anything else could miss.
pub(super) fn fallback(item: &TokenStream, errors: Errors) -> TokenStream {
    let errors = errors.into_tokens();
    quote!(#[allow(dead_code)] #item #errors)
}
