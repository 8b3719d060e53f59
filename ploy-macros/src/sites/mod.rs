//! `sites!`: the sites and roles of a project.
//!
//! [`parse`] reads the statements to the [`model`]: the names of sites by [`range`], and the values
//! of settings by [`value`]. [`check`] holds the rules: of all [`names`], of the [`order`] of
//! statements, and of [`literal`] values, of which [`takes`] says what each may be. [`expand`]
//! writes the topology and its module, with the site's name put in by [`template`]; [`fallback`]
//! writes a module that knows every role that is named where something is wrong.

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

use crate::input::errors::Errors;

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
