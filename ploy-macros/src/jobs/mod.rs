//! `jobs!`.

mod expand;
mod parse;

use proc_macro2::TokenStream;

use crate::crate_path::CratePath;
use crate::errors::Errors;
use crate::name::Name;

/// One job of the list.
enum Entry {
    /// Its handle, and what it is given.
    Handle(syn::Path, Vec<Argument>),
    /// Its name, which is looked up at run time.
    Named(Name),
}

/// What is given for a parameter: `tag = "v1"`, or `tag` where that is what it is called here too.
struct Argument {
    name: proc_macro2::Ident,
    value: syn::Expr,
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
