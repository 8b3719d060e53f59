//! What `sites!` makes of an input that is wrong: the errors, and a module in which every role that
//! is named anywhere is declared, so that nothing else fails because of them.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::LitStr;
use syn::ext::IdentExt as _;

use super::expand;
use super::model::Sites;
use super::names::Names;
use crate::input::errors::Errors;

/// The errors and the module.
pub(super) fn fallback(
    sites: &Sites,
    mut names: Names,
    tokens: TokenStream,
    errors: Errors,
) -> TokenStream {
    harvest(tokens, &mut names);
    let private = sites.krate.private();
    let module = expand::module(&sites.krate, &names, &quote!(#private::Topology::new()));
    let errors = errors.into_tokens();
    quote!(#module #errors)
}

/// Takes every string of the input, and every word after `site` or `role`, for a role: the
/// statement that declares it may be the one that is wrong.
fn harvest(tokens: TokenStream, names: &mut Names) {
    let mut names_follow = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) => harvest(group.stream(), names),
            TokenTree::Ident(word) if names_follow => {
                names.harvest(&word.unraw().to_string(), word.span());
                names_follow = false;
            }
            TokenTree::Ident(word) => names_follow = word == "site" || word == "role",
            TokenTree::Literal(literal) => {
                let span = literal.span();
                if let Ok(text) = syn::parse2::<LitStr>(TokenTree::Literal(literal).into()) {
                    names.harvest(&text.value(), span);
                }
            }
            TokenTree::Punct(_) => {}
        }
    }
}
