//! The grammar of `sites!`. A mistake costs only the setting or statement that it is in.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{LitStr, Token, token};

use ploy_syntax::setting::Setting;
use ploy_syntax::suggest::did_you_mean;

use super::model::{GivenSetting, Site, Sites, Statement, Update};
use super::{range, value};
use crate::input::arguments::Grammar;
use crate::input::crate_path::CratePath;
use crate::input::errors::Errors;
use crate::input::name::Name;
use crate::input::role_list::{self, Items};

const SETTINGS: Grammar = Grammar {
    noun: "setting",
    sign: ':',
    known: &Setting::NAMES,
    hint: "Anything of your own goes under `vars: { .. }`",
};

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

/// Skips the rest of a statement, of which the first word was taken: up to its braces or its
/// semicolon, or to what looks like the next one.
fn skip_statement(input: ParseStream<'_>) {
    while !input.is_empty() {
        if input
            .fork()
            .parse::<Ident>()
            .is_ok_and(|word| word == "site" || word == "update" || word == "role")
        {
            return;
        }
        match input.parse() {
            Ok(TokenTree::Group(group)) if group.delimiter() == proc_macro2::Delimiter::Brace => {
                return;
            }
            Ok(TokenTree::Punct(punct)) if punct.as_char() == ';' => return,
            Ok(_) => {}
            Err(_) => return,
        }
    }
}

fn statement(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Statement> {
    let span = input.span();
    let word = input
        .call(Ident::parse_any)
        .map_err(|_| syn::Error::new(span, format!("expected {STATEMENTS}")))?;
    match word.to_string().as_str() {
        "site" => site(input, errors).map(Statement::Site),
        "update" => update(input, errors).map(Statement::Update),
        "role" => role(input).map(Statement::Role),
        other => {
            let message = match did_you_mean(other, ["site", "update", "role"]) {
                None => format!("expected {STATEMENTS}"),
                Some(near) => format!("unknown statement `{other}`; {near}"),
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
    let settings = settings(
        input,
        &format!("the site's name, `{}`", written.name.text),
        errors,
    )?;
    Ok(Site {
        name: written.name,
        names,
        is_range,
        settings,
    })
}

fn update(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Update> {
    if !input.peek(token::Bracket) {
        return Err(syn::Error::new(
            input.span(),
            "expected the roles whose sites are updated: `update [\"web\", \"db\"] { .. }`",
        ));
    }
    let roles = role_list::parse(input, Items::StringsAndIdents, errors)?;
    let settings = settings(input, "the list of roles", errors)?;
    Ok(Update { roles, settings })
}

fn role(input: ParseStream<'_>) -> syn::Result<Name> {
    let written = name(input, "a role")?;
    if input.parse::<Token![;]>().is_err() {
        let span = if input.is_empty() {
            written.name.span
        } else {
            input.span()
        };
        return Err(syn::Error::new(
            span,
            format!(
                "expected `;` after the role's name, `{}`",
                written.name.text
            ),
        ));
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
        return Ok(Written {
            name: Name::of_literal(&literal),
            is_string: true,
        });
    }
    if !input.peek(Ident::peek_any) {
        let message = format!("expected the name of {noun}: an identifier or a string");
        return Err(syn::Error::new(input.span(), message));
    }
    let ident = input.call(Ident::parse_any)?;
    if input.peek(Token![-]) || input.peek(Token![.]) || input.peek(token::Bracket) {
        let message = format!(
            "the name of {noun} that is more than an identifier is written as a string: \
                `\"{ident}..\"`"
        );
        return Err(syn::Error::new(input.span(), message));
    }
    Ok(Written {
        name: Name::of_ident(&ident),
        is_string: false,
    })
}

fn settings(
    input: ParseStream<'_>,
    after: &str,
    errors: &mut Errors,
) -> syn::Result<Vec<GivenSetting>> {
    if !input.peek(token::Brace) {
        return Err(syn::Error::new(
            input.span(),
            format!("expected `{{ .. }}` with the settings after {after}"),
        ));
    }
    let content;
    syn::braced!(content in input);
    let mut settings = Vec::new();
    SETTINGS.read(&content, errors, |key, input, errors| {
        let setting = Setting::from_name(&key.to_string())
            .ok_or_else(|| syn::Error::new(key.span(), "there is no such setting"))?;
        let value = value::parse(setting, input, errors)?;
        settings.push(GivenSetting {
            key: key.clone(),
            setting,
            value,
        });
        Ok(())
    });
    Ok(settings)
}
