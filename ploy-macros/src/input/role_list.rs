//! Lists of roles: `["db", ["test", "deploy"], []]`, flattened.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{LitStr, Token, token};

use crate::input::arguments::skip_to;
use crate::input::errors::Errors;
use crate::input::name::{Name, place_problem};

/// What may stand for a role.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Items {
    /// String literals only.
    Strings,
    /// Identifiers too, where a site is named by one.
    StringsAndIdents,
}

/// A flattened list, and where it stands.
pub(crate) struct RoleList {
    pub(crate) roles: Vec<Name>,
    /// Nothing stands in it, not even a wrong role.
    pub(crate) is_empty: bool,
    pub(crate) span: Span,
}

impl RoleList {
    /// The roles of a list that are well-formed, each once.
    pub(crate) fn checked(self, errors: &mut Errors) -> Vec<Name> {
        if self.is_empty {
            errors.at(
                self.span,
                "this list names no role, so the work would be done nowhere; \
                without `roles`, the job's name is the role",
            );
        }
        let mut roles: Vec<Name> = Vec::new();
        for role in self.roles {
            if let Some(problem) = place_problem(&role.text) {
                errors.at(role.span, problem);
            } else if roles.iter().all(|known| known.text != role.text) {
                roles.push(role);
            }
        }
        roles
    }
}

/// Reads a list of roles. A wrong item is said and left out.
pub(crate) fn parse(
    input: ParseStream<'_>,
    items: Items,
    errors: &mut Errors,
) -> syn::Result<RoleList> {
    if !input.peek(token::Bracket) {
        let example = match input.fork().parse::<LitStr>() {
            Ok(role) => format!("[{:?}]", role.value()),
            Err(_) => "[\"web\", \"db\"]".to_owned(),
        };
        return Err(syn::Error::new(
            input.span(),
            format!("expected a list of roles: `{example}`"),
        ));
    }
    let content;
    let bracket = syn::bracketed!(content in input);
    let mut roles = Vec::new();
    let mut found = Errors::default();
    collect(&content, items, &mut roles, &mut found);
    let is_empty = roles.is_empty() && found.is_empty();
    errors.append(found);
    Ok(RoleList {
        roles,
        is_empty,
        span: bracket.span.join(),
    })
}

fn collect(input: ParseStream<'_>, items: Items, roles: &mut Vec<Name>, errors: &mut Errors) {
    while !input.is_empty() {
        if let Err(error) = item(input, items, roles, errors) {
            errors.push(error);
            skip_to(input, |input| input.peek(Token![,]));
        }
        if !input.is_empty() && input.parse::<Token![,]>().is_err() {
            errors.at(input.span(), "expected `,` before the next role");
            skip_to(input, |input| input.peek(Token![,]) || input.peek(LitStr));
            let _: Option<Token![,]> = input.parse().ok();
        }
    }
}

fn item(
    input: ParseStream<'_>,
    items: Items,
    roles: &mut Vec<Name>,
    errors: &mut Errors,
) -> syn::Result<()> {
    if input.peek(token::Bracket) {
        let content;
        syn::bracketed!(content in input);
        collect(&content, items, roles, errors);
        return Ok(());
    }
    if let Ok(literal) = input.fork().parse::<LitStr>() {
        input.parse::<LitStr>()?;
        if literal.suffix().is_empty() {
            roles.push(Name::of_literal(&literal));
            return Ok(());
        }
        return Err(syn::Error::new(literal.span(), "a role has no suffix"));
    }
    let is_word =
        input.peek(Ident::peek_any) && !input.peek2(Token![::]) && !input.peek2(token::Paren);
    if is_word && items == Items::StringsAndIdents {
        roles.push(Name::of_ident(&Ident::parse_any(input)?));
        return Ok(());
    }
    let message = match input.fork().call(Ident::parse_any) {
        Ok(word) if is_word => format!("a role is a string here: `\"{}\"`", word.unraw()),
        _ => "expected a role, which is a string: `\"web\"`".to_owned(),
    };
    Err(syn::Error::new(input.span(), message))
}
