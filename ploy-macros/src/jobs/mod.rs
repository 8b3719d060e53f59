//! `jobs!`.

mod expand;
mod parse;

use proc_macro2::TokenStream;

use crate::crate_path::CratePath;
use crate::errors::Errors;
use crate::name::Name;

/// One job of the list.
enum Entry {
    /// Its handle.
    Handle(syn::Path),
    /// Its name, which is looked up at run time.
    Named(Name),
}

/// The flattened list.
#[derive(Default)]
struct List {
    entries: Vec<Entry>,
    krate: CratePath,
}

/// The whole macro. The fallback is the list without the wrong entries.
pub(crate) fn jobs(tokens: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let list = parse::list(tokens, &mut errors);
    expand::expand(&list, errors)
}
