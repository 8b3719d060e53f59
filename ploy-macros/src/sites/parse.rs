//! The grammar of `sites!`. A mistake costs only the setting or statement that it is in.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Expr, ExprLit, Lit, LitStr, Token, token};

use super::model::{Pair, Setting, Site, Sites, Statement, Update, Value};
use super::range;
use super::setting::{KNOWN, Kind};
use crate::arguments::{Grammar, skip_to};
use crate::crate_path::CratePath;
use crate::errors::Errors;
use crate::name::Name;
use crate::role_list::{self, Items};
use crate::suggest::did_you_mean;

const SETTINGS: Grammar =
    Grammar { noun: "setting", sign: ':', known: KNOWN, hint: "Anything of your own goes under `vars: { .. }`" };

const STATEMENTS: &str = "`site NAME { .. }`, `update [roles] { .. }` or `role \"name\";`";

/// Reads all that can be read.
pub(super) fn sites(tokens: TokenStream, errors: &mut Errors) -> Sites {
    let mut sites = Sites::default();
    let read = |input: ParseStream<'_>| {
        sites.krate = CratePath::parse_head(input, errors);
        while !input.is_empty() {
            match statement(input, errors) {
                Ok(statement) => sites.statements.push(statement),
                Err(error) => {
                    errors.push(error);
                    skip_statement(input);
                }
            }
        }
        Ok(())
    };
    let read = read.parse2(tokens);
    errors.catch(read);
    sites
}

/// Skips the rest of a statement: up to its braces or its semicolon, or to what looks like the next one.
fn skip_statement(input: ParseStream<'_>) {
    while !input.is_empty() {
        match input.parse() {
            Ok(TokenTree::Group(group)) if group.delimiter() == proc_macro2::Delimiter::Brace => return,
            Ok(TokenTree::Punct(punct)) if punct.as_char() == ';' => return,
            Ok(_) => {}
            Err(_) => return,
        }
        if input.fork().parse::<Ident>().is_ok_and(|word| word == "site" || word == "update") {
            return;
        }
    }
}

fn statement(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Statement> {
    let span = input.span();
    let word = input.call(Ident::parse_any).map_err(|_| syn::Error::new(span, format!("expected {STATEMENTS}")))?;
    match word.to_string().as_str() {
        "site" => site(input, errors).map(Statement::Site),
        "update" => update(input, errors).map(Statement::Update),
        "role" => role(input).map(Statement::Role),
        other => {
            let message = match did_you_mean(other, ["site", "update", "role"]) {
                near if near.is_empty() => format!("expected {STATEMENTS}"),
                near => format!("unknown statement `{other}`{near}"),
            };
            Err(syn::Error::new(span, message))
        }
    }
}

fn site(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Site> {
    let written = name(input, "a site")?;
    let (names, is_range) = if written.is_string {
        match range::expand(&written.name.text) {
            Ok(Some(names)) => (names, true),
            Ok(None) => (vec![written.name.text.clone()], false),
            Err(problem) => {
                errors.at(written.name.span, problem);
                (Vec::new(), true)
            }
        }
    } else {
        (vec![written.name.text.clone()], false)
    };
    let settings = settings(input, &format!("the site's name, `{}`", written.name.text), errors)?;
    Ok(Site { name: written.name, names, is_range, settings })
}

fn update(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Update> {
    if !input.peek(token::Bracket) {
        return Err(syn::Error::new(input.span(), "expected the roles whose sites are updated: `update [\"web\", \"db\"] { .. }`"));
    }
    let roles = role_list::parse(input, Items::StringsAndIdents, errors)?;
    let settings = settings(input, "the list of roles", errors)?;
    Ok(Update { roles, settings })
}

fn role(input: ParseStream<'_>) -> syn::Result<Name> {
    let written = name(input, "a role")?;
    if input.parse::<Token![;]>().is_err() {
        let span = if input.is_empty() { written.name.span } else { input.span() };
        return Err(syn::Error::new(span, format!("expected `;` after the role's name, `{}`", written.name.text)));
    }
    Ok(written.name)
}

struct Written {
    name: Name,
    is_string: bool,
}

/// An identifier or a string.
fn name(input: ParseStream<'_>, noun: &str) -> syn::Result<Written> {
    if let Ok(literal) = input.fork().parse::<LitStr>() {
        input.parse::<LitStr>()?;
        return Ok(Written { name: Name::of_literal(&literal), is_string: true });
    }
    if !input.peek(Ident::peek_any) {
        let message = format!("expected the name of {noun}: an identifier or a string");
        return Err(syn::Error::new(input.span(), message));
    }
    let ident = input.call(Ident::parse_any)?;
    if input.peek(Token![-]) || input.peek(Token![.]) || input.peek(token::Bracket) {
        let message = format!("the name of {noun} that is more than an identifier is written as a string: `\"{ident}..\"`");
        return Err(syn::Error::new(input.span(), message));
    }
    Ok(Written { name: Name::of_ident(&ident), is_string: false })
}

fn settings(input: ParseStream<'_>, after: &str, errors: &mut Errors) -> syn::Result<Vec<Setting>> {
    if !input.peek(token::Brace) {
        return Err(syn::Error::new(input.span(), format!("expected `{{ .. }}` with the settings after {after}")));
    }
    let content;
    syn::braced!(content in input);
    let mut settings = Vec::new();
    SETTINGS.read(&content, errors, |key, input, errors| {
        let value = value(key, input, errors)?;
        settings.push(Setting { key: key.clone(), value });
        Ok(())
    });
    Ok(settings)
}

fn value(key: &Ident, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Value> {
    let name = key.to_string();
    match Kind::of(&name) {
        Kind::Roles => role_list::parse(input, Items::Strings, errors).map(Value::Roles),
        kind @ (Kind::Env | Kind::Vars) => {
            if !input.peek(token::Brace) {
                return Err(syn::Error::new(input.span(), format!("`{name}` takes {}", kind.takes())));
            }
            table(&name, input, errors).map(Value::Table)
        }
        _ => expr(input).map(Value::Expr),
    }
}

fn table(setting: &str, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Vec<Pair>> {
    let content;
    syn::braced!(content in input);
    let mut pairs: Vec<Pair> = Vec::new();
    while !content.is_empty() {
        match pair(setting, &content) {
            Ok(pair) if pairs.iter().any(|known| known.key.text == pair.key.text) => {
                errors.at(pair.key.span, format!("`{}` is given twice in `{setting}`", pair.key.text));
            }
            Ok(pair) => pairs.push(pair),
            Err(error) => {
                errors.push(error);
                skip_to(&content, |content| content.peek(Token![,]));
            }
        }
        if !content.is_empty() && content.parse::<Token![,]>().is_err() {
            errors.at(content.span(), format!("expected `,` before the next value in `{setting}`"));
            skip_to(&content, |content| content.peek(Token![,]));
            let _: Option<Token![,]> = content.parse().ok();
        }
    }
    Ok(pairs)
}

fn pair(setting: &str, input: ParseStream<'_>) -> syn::Result<Pair> {
    let key = if let Ok(literal) = input.fork().parse::<LitStr>() {
        input.parse::<LitStr>()?;
        Name::of_literal(&literal)
    } else if input.peek(Ident::peek_any) {
        Name::of_ident(&input.call(Ident::parse_any)?)
    } else {
        return Err(syn::Error::new(input.span(), format!("expected `key: value` in `{setting}`; a key is an identifier or a string")));
    };
    if input.parse::<Token![:]>().is_err() {
        let span = if input.is_empty() { key.span } else { input.span() };
        return Err(syn::Error::new(span, format!("expected `:` and a value after `{}`", key.text)));
    }
    if input.is_empty() || input.peek(Token![,]) {
        return Err(syn::Error::new(key.span, format!("`{}` has no value", key.text)));
    }
    if input.peek(token::Brace) && looks_like_table(input) {
        let message = format!("a table in `{setting}` cannot hold another: give a value that serde_json makes, or flatten the keys");
        return Err(syn::Error::new(input.span(), message));
    }
    Ok(Pair { key, value: expr(input)? })
}

fn looks_like_table(input: ParseStream<'_>) -> bool {
    let is_table = |input: ParseStream<'_>| {
        let content;
        syn::braced!(content in input);
        let is_table = (content.peek(LitStr) || content.peek(Ident::peek_any)) && content.peek2(Token![:]) && !content.peek2(Token![::]);
        skip_to(&content, |_| false);
        Ok::<_, syn::Error>(is_table)
    };
    is_table(&input.fork()).unwrap_or(false)
}

/// Any expression. A literal, which nearly all are, is not sent through the whole grammar.
fn expr(input: ParseStream<'_>) -> syn::Result<Expr> {
    if input.peek(Lit) && (input.peek2(Token![,]) || is_last(input)) {
        return Ok(Expr::Lit(ExprLit { attrs: Vec::new(), lit: input.parse()? }));
    }
    input.parse()
}

fn is_last(input: ParseStream<'_>) -> bool {
    input.cursor().token_tree().is_some_and(|(_, rest)| rest.eof())
}
