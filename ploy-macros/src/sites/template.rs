//! `{name}` in values: the name of the site.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Expr, LitStr};

use ploy_syntax::setting::NAME_PLACEHOLDER;

use super::model::{GivenSetting, SettingValue};
use crate::input::crate_path::CratePath;
use crate::input::errors::Errors;

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

/// The tokens of a value, with the name in its string literals. Those in the arguments of a macro
/// are the macro's own.
pub(super) fn expand(expr: &Expr, naming: Naming<'_>, krate: &CratePath) -> TokenStream {
    let tokens = expr.to_token_stream();
    if first_placeholder(tokens.clone()).is_some() {
        fill(tokens, naming, krate)
    } else {
        tokens
    }
}

fn fill(tokens: TokenStream, naming: Naming<'_>, krate: &CratePath) -> TokenStream {
    tokens_outside_of_macros(tokens)
        .map(|part| match part {
            Part::Text(text) => match naming {
                Naming::Site(name) => {
                    LitStr::new(&text.value().replace(NAME_PLACEHOLDER, name), text.span())
                        .to_token_stream()
                }
                Naming::Loop(name) => {
                    let place = Span::mixed_site().located_at(text.span());
                    let private = krate.private_at(place);
                    quote!(#private::named(#text, #name).as_str())
                }
                Naming::Nothing => text.to_token_stream(),
            },
            Part::Group(group) => {
                let mut filled = Group::new(group.delimiter(), fill(group.stream(), naming, krate));
                filled.set_span(group.span());
                filled.to_token_stream()
            }
            Part::Other(token) => token.into(),
        })
        .collect()
}

/// Where `{name}` stands first.
fn first_placeholder(tokens: TokenStream) -> Option<Span> {
    tokens_outside_of_macros(tokens).find_map(|part| match part {
        Part::Text(text) => Some(text.span()),
        Part::Group(group) => first_placeholder(group.stream()),
        Part::Other(_) => None,
    })
}

enum Part {
    /// A string literal with the placeholder in it.
    Text(LitStr),
    /// What may hold more of them.
    Group(Group),
    Other(TokenTree),
}

fn tokens_outside_of_macros(tokens: TokenStream) -> impl Iterator<Item = Part> {
    let mut after_bang = false;
    tokens.into_iter().map(move |token| {
        let in_macro = after_bang;
        after_bang = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '!');
        match token {
            TokenTree::Group(group) if !in_macro => Part::Group(group),
            TokenTree::Literal(literal) if literal.to_string().contains(NAME_PLACEHOLDER) => {
                let token = TokenTree::Literal(literal);
                match syn::parse2(token.clone().into()) {
                    Ok(text) => Part::Text(text),
                    Err(_) => Part::Other(token),
                }
            }
            token => Part::Other(token),
        }
    })
}

/// In an update there is no one site to name.
pub(super) fn refuse(settings: &[GivenSetting], errors: &mut Errors) {
    let mut check = |expr: &Expr| {
        if let Some(span) = first_placeholder(expr.to_token_stream()) {
            errors.at(
                span,
                "`{name}` has a meaning only in a `site`: an `update` sets one value for all its \
                 sites",
            );
        }
    };
    for setting in settings {
        match &setting.value {
            SettingValue::Expr(expr) => check(expr),
            SettingValue::Table(pairs) => pairs.iter().for_each(|pair| check(&pair.value)),
            SettingValue::Roles(_) => {}
        }
    }
}
