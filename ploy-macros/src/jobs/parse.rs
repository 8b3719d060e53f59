//! The list in `jobs![..]`, and its rules.

use proc_macro2::{Ident, TokenStream};
use syn::parse::{ParseStream, Parser as _};
use syn::{LitStr, Path, Token, token};

use super::model::{GivenParam, JobList, ListedJob};
use crate::input::arguments::skip_to;
use crate::input::crate_path::CratePath;
use crate::input::errors::Errors;
use crate::input::name::{self, Name};

/// Reads all entries, those of nested lists too. A wrong one is said and left out.
pub(super) fn list(tokens: TokenStream, errors: &mut Errors) -> JobList {
    let mut list = JobList::default();
    let read = |input: ParseStream<'_>| {
        list.krate = CratePath::parse_head(input, errors);
        collect(input, &mut list.entries, errors);
        Ok(())
    };
    let read = read.parse2(tokens);
    errors.catch(read);
    list
}

fn collect(input: ParseStream<'_>, entries: &mut Vec<ListedJob>, errors: &mut Errors) {
    while !input.is_empty() {
        if let Err(error) = entry(input, entries, errors) {
            errors.push(error);
            skip_to(input, |input| input.peek(Token![,]));
        } else if !input.is_empty() && !input.peek(Token![,]) {
            errors.at(input.span(), after_entry(input));
            skip_to(input, |input| input.peek(Token![,]));
        }
        // A comma, or the end: then there is nothing to take.
        let _: Option<Token![,]> = input.parse().ok();
    }
}

fn entry(
    input: ParseStream<'_>,
    entries: &mut Vec<ListedJob>,
    errors: &mut Errors,
) -> syn::Result<()> {
    if input.peek(token::Bracket) {
        let content;
        syn::bracketed!(content in input);
        collect(&content, entries, errors);
        return Ok(());
    }
    if let Ok(literal) = input.fork().parse::<LitStr>() {
        input.parse::<LitStr>()?;
        let name = Name::of_literal(&literal);
        if let Some(problem) = name::job_problem(&name.text) {
            errors.at(name.span, problem);
        } else {
            entries.push(ListedJob::Named(name));
        }
        return Ok(());
    }
    let path = input.call(Path::parse_mod_style).map_err(|error| {
        let message = "expected a job: its function, such as `upload` or `web::upload`, its name \
            as a string, or a list of jobs";
        syn::Error::new(error.span(), message)
    })?;
    let mut given = Vec::new();
    if input.peek(token::Paren) {
        let content;
        syn::parenthesized!(content in input);
        arguments(&content, &mut given, errors);
    }
    entries.push(ListedJob::Handle(path, given));
    Ok(())
}

/// `tag = "v1", dirty`.
fn arguments(input: ParseStream<'_>, given: &mut Vec<GivenParam>, errors: &mut Errors) {
    while !input.is_empty() {
        match argument(input) {
            Ok(argument) => {
                if given.iter().any(|known| known.name == argument.name) {
                    let name = &argument.name;
                    errors.at(name.span(), format!("`{name}` is given twice"));
                } else {
                    given.push(argument);
                }
            }
            Err(error) => {
                errors.push(error);
                skip_to(input, |input| input.peek(Token![,]));
            }
        }
        if !input.is_empty() && !input.peek(Token![,]) {
            errors.at(input.span(), "expected `,` before the next parameter");
        }
        skip_to(input, |input| input.peek(Token![,]));
        // A comma, or the end: then there is nothing to take.
        let _: Option<Token![,]> = input.parse().ok();
    }
}

fn argument(input: ParseStream<'_>) -> syn::Result<GivenParam> {
    let form = "a parameter is given by its name: `upload(tag = \"v1\")`";
    let name: Ident = input
        .parse()
        .map_err(|error| syn::Error::new(error.span(), form))?;
    if input.is_empty() || input.peek(Token![,]) {
        let value = syn::parse_quote!(#name);
        return Ok(GivenParam { name, value });
    }
    input
        .parse::<Token![=]>()
        .map_err(|error| syn::Error::new(error.span(), form))?;
    let value = input.parse()?;
    Ok(GivenParam { name, value })
}

fn after_entry(input: ParseStream<'_>) -> &'static str {
    if input.peek(token::Paren) {
        "only a job that is named by its function can be given parameters here"
    } else {
        "expected `,` before the next job"
    }
}
