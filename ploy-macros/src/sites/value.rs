//! Values of settings: expressions, lists of roles, tables.

use ploy_syntax::setting::{Setting, SettingKind};
use proc_macro2::Ident;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Expr, ExprLit, Lit, LitStr, Token, token};

use super::model::{SettingValue, TableEntry};
use super::takes::takes;
use crate::input::arguments::skip_to;
use crate::input::errors::Errors;
use crate::input::name::Name;
use crate::input::role_list::{self, Items};

/// Reads the value of a setting.
pub(super) fn parse(
    setting: Setting,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<SettingValue> {
    let name = setting.name();
    match setting.kind() {
        SettingKind::Roles => {
            role_list::parse(input, Items::Strings, errors).map(SettingValue::Roles)
        }
        kind @ (SettingKind::Env | SettingKind::Vars) => {
            if !input.peek(token::Brace) {
                return Err(syn::Error::new(
                    input.span(),
                    format!("`{name}` takes {}", takes(kind)),
                ));
            }
            table(name, input, errors).map(SettingValue::Table)
        }
        _ => expr(input).map(SettingValue::Expr),
    }
}

fn table(
    setting: &str,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<Vec<TableEntry>> {
    let content;
    syn::braced!(content in input);
    let mut pairs: Vec<TableEntry> = Vec::new();
    while !content.is_empty() {
        match pair(setting, &content) {
            Ok(pair) if pairs.iter().any(|known| known.key.text == pair.key.text) => {
                errors.at(
                    pair.key.span,
                    format!("`{}` is given twice in `{setting}`", pair.key.text),
                );
            }
            Ok(pair) => pairs.push(pair),
            Err(error) => {
                errors.push(error);
                skip_to(&content, |content| content.peek(Token![,]));
            }
        }
        if !content.is_empty() && content.parse::<Token![,]>().is_err() {
            errors.at(
                content.span(),
                format!("expected `,` before the next value in `{setting}`"),
            );
            skip_to(&content, |content| content.peek(Token![,]));
            let _: Option<Token![,]> = content.parse().ok();
        }
    }
    Ok(pairs)
}

fn pair(setting: &str, input: ParseStream<'_>) -> syn::Result<TableEntry> {
    let key = if let Ok(literal) = input.fork().parse::<LitStr>() {
        input.parse::<LitStr>()?;
        Name::of_literal(&literal)
    } else if input.peek(Ident::peek_any) {
        Name::of_ident(&input.call(Ident::parse_any)?)
    } else {
        return Err(syn::Error::new(
            input.span(),
            format!("expected `key: value` in `{setting}`; a key is an identifier or a string"),
        ));
    };
    if input.parse::<Token![:]>().is_err() {
        let span = if input.is_empty() {
            key.span
        } else {
            input.span()
        };
        return Err(syn::Error::new(
            span,
            format!("expected `:` and a value after `{}`", key.text),
        ));
    }
    if input.is_empty() || input.peek(Token![,]) {
        return Err(syn::Error::new(
            key.span,
            format!("`{}` has no value", key.text),
        ));
    }
    if input.peek(token::Brace) && looks_like_table(input) {
        let message = format!(
            "a table in `{setting}` cannot hold another: give a value that serde_json makes, or \
                flatten the keys"
        );
        return Err(syn::Error::new(input.span(), message));
    }
    Ok(TableEntry {
        key,
        value: expr(input)?,
    })
}

fn looks_like_table(input: ParseStream<'_>) -> bool {
    let is_table = |input: ParseStream<'_>| {
        let content;
        syn::braced!(content in input);
        let is_table = (content.peek(LitStr) || content.peek(Ident::peek_any))
            && content.peek2(Token![:])
            && !content.peek2(Token![::]);
        skip_to(&content, |_| false);
        Ok::<_, syn::Error>(is_table)
    };
    is_table(&input.fork()).unwrap_or(false)
}

/// Any expression. A literal, which nearly all are, is not sent through the whole grammar.
fn expr(input: ParseStream<'_>) -> syn::Result<Expr> {
    if input.peek(Lit) && (input.peek2(Token![,]) || is_last(input)) {
        return Ok(Expr::Lit(ExprLit {
            attrs: Vec::new(),
            lit: input.parse()?,
        }));
    }
    input.parse()
}

fn is_last(input: ParseStream<'_>) -> bool {
    input
        .cursor()
        .token_tree()
        .is_some_and(|(_, rest)| rest.eof())
}
