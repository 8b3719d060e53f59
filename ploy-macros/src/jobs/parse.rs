//! The list in `jobs![..]`, and its rules.

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser as _};
use syn::{LitStr, Path, Token, token};

use super::{Entry, List};
use crate::arguments::skip_to;
use crate::crate_path::CratePath;
use crate::errors::Errors;
use crate::name::{self, Name};

/// Reads all entries, those of nested lists too. A wrong one is said and left out.
pub(super) fn list(tokens: TokenStream, errors: &mut Errors) -> List {
    let mut list = List::default();
    let read = |input: ParseStream<'_>| {
        list.krate = CratePath::parse_head(input, errors);
        collect(input, &mut list.entries, errors);
        Ok(())
    };
    let read = read.parse2(tokens);
    errors.catch(read);
    list
}

fn collect(input: ParseStream<'_>, entries: &mut Vec<Entry>, errors: &mut Errors) {
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

fn entry(input: ParseStream<'_>, entries: &mut Vec<Entry>, errors: &mut Errors) -> syn::Result<()> {
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
            entries.push(Entry::Named(name));
        }
        return Ok(());
    }
    let path = input.call(Path::parse_mod_style).map_err(|error| {
        let message = "expected a job: its function, such as `upload` or `web::upload`, its name \
            as a string, or a list of jobs";
        syn::Error::new(error.span(), message)
    })?;
    entries.push(Entry::Handle(path));
    Ok(())
}

fn after_entry(input: ParseStream<'_>) -> &'static str {
    if input.peek(token::Paren) {
        "a job is named here, not called: leave the parentheses out"
    } else {
        "expected `,` before the next job"
    }
}
