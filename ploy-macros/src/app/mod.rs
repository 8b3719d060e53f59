//! `main!`.

mod check;
mod expand;
mod parse;

use proc_macro2::TokenStream;

use crate::crate_path::CratePath;
use crate::errors::Errors;

/// What the deploy binary is made of.
#[derive(Default)]
struct App {
    /// The module made by `sites!`; `crate::topology` if none is named.
    topology: Option<syn::Path>,
    /// Job crates that nothing else in the binary names.
    uses: Vec<syn::Path>,
    /// A function that runs before anything is checked.
    setup: Option<syn::Path>,
    krate: CratePath,
}

/// The whole macro.
pub(crate) fn main(tokens: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let app = parse::app(tokens, &mut errors);
    check::check(&app, &mut errors);
    if errors.is_empty() {
        expand::expand(&app)
    } else {
        expand::fallback(errors)
    }
}
