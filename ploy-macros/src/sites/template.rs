//! `{name}` in values: the name of the site.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote};
use syn::{Expr, ExprArray, ExprLit, Lit, LitStr};

use super::model::{Setting, Value};
use crate::crate_path::CratePath;
use crate::errors::Errors;

const PLACEHOLDER: &str = "{name}";

/// What `{name}` stands for.
#[derive(Clone, Copy)]
pub(super) enum Naming<'a> {
    /// One site: it is put in at compile time.
    Site(&'a str),
    /// The variable of a loop over many.
    Loop(&'a Ident),
    /// Nothing: in an update.
    Nothing,
}

/// The tokens of a value.
pub(super) fn expand(expr: &Expr, naming: Naming<'_>, krate: &CratePath) -> TokenStream {
    if has_placeholder(expr) { fill(expr, naming, krate) } else { expr.to_token_stream() }
}

fn fill(expr: &Expr, naming: Naming<'_>, krate: &CratePath) -> TokenStream {
    match (expr, naming) {
        (Expr::Array(ExprArray { elems, .. }), _) => {
            // All strings of an array must be of one type, those without a placeholder too.
            let elems = elems.iter().map(|element| fill(element, naming, krate));
            quote!([#(#elems),*])
        }
        (Expr::Lit(ExprLit { lit: Lit::Str(text), .. }), Naming::Site(name)) => {
            LitStr::new(&text.value().replace(PLACEHOLDER, name), text.span()).to_token_stream()
        }
        (Expr::Lit(ExprLit { lit: Lit::Str(text), .. }), Naming::Loop(name)) => {
            let private = krate.private_at(Span::mixed_site().located_at(text.span()));
            quote!(#private::named(#text, #name))
        }
        _ => expr.to_token_stream(),
    }
}

fn has_placeholder(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => text.value().contains(PLACEHOLDER),
        Expr::Array(array) => array.elems.iter().any(has_placeholder),
        _ => false,
    }
}

/// In an update there is no one site to name.
pub(super) fn refuse(settings: &[Setting], errors: &mut Errors) {
    let mut check = |expr: &Expr| {
        if has_placeholder(expr) {
            let message = "`{name}` has a meaning only in a `site`: an `update` sets one value for all its sites";
            errors.at(super::model::span_of(expr), message);
        }
    };
    for setting in settings {
        match &setting.value {
            Value::Expr(expr) => check(expr),
            Value::Table(pairs) => pairs.iter().for_each(|pair| check(&pair.value)),
            Value::Roles(_) => {}
        }
    }
}
