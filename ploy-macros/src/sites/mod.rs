//! `sites!`.

mod check;
mod expand;
mod fallback;
mod literal;
mod model;
mod names;
mod order;
mod parse;
mod range;
mod takes;
mod template;
mod value;

use proc_macro2::TokenStream;

use crate::errors::Errors;

/// The whole macro.
pub(crate) fn sites(tokens: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let sites = parse::sites(tokens.clone(), &mut errors);
    let names = check::check(&sites, &mut errors);
    if errors.is_empty() {
        expand::expand(&sites, &names)
    } else {
        fallback::fallback(&sites, names, tokens, errors)
    }
}
