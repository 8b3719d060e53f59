//! The keys of `main!`.

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser as _};
use syn::{LitStr, Path, Token, token};

use super::model::App;
use crate::input::arguments::{Grammar, skip_to};
use crate::input::crate_path::CratePath;
use crate::input::errors::Errors;

const GRAMMAR: Grammar = Grammar {
    noun: "key",
    sign: ':',
    known: &["topology", "uses", "setup"],
    hint: "",
};

/// Reads all that can be read.
pub(super) fn app(tokens: TokenStream, errors: &mut Errors) -> App {
    let mut app = App::default();
    let read = |input: ParseStream<'_>| {
        app.krate = CratePath::parse_head(input, errors);
        GRAMMAR.read(input, errors, |key, input, errors| {
            match key.to_string().as_str() {
                "topology" => {
                    let expected = "expected the path of a module made by `ploy::sites!`, such \
                        as `fleet::topology`";
                    app.topology = Some(path(input, expected)?);
                }
                "uses" => app.uses = uses(input, errors)?,
                _ => {
                    let expected = "expected the path of a function `async fn(&mut Topology, \
                        &mut Catalogue) -> Result`";
                    app.setup = Some(path(input, expected)?);
                }
            }
            Ok(())
        });
        Ok(())
    };
    let read = read.parse2(tokens);
    errors.catch(read);
    app
}

fn path(input: ParseStream<'_>, expected: &str) -> syn::Result<Path> {
    Path::parse_mod_style(input).map_err(|error| syn::Error::new(error.span(), expected))
}

fn uses(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Vec<Path>> {
    if !input.peek(token::Bracket) {
        return Err(syn::Error::new(
            input.span(),
            "expected a list of crates: `[web_jobs, db_jobs]`",
        ));
    }
    let content;
    syn::bracketed!(content in input);
    let mut uses = Vec::new();
    while !content.is_empty() {
        match used(&content) {
            Ok(path) => uses.push(path),
            Err(error) => {
                errors.push(error);
                skip_to(&content, |content| content.peek(Token![,]));
            }
        }
        // A comma, or the end: then there is nothing to take.
        let _: Option<Token![,]> = content.parse().ok();
    }
    Ok(uses)
}

fn used(input: ParseStream<'_>) -> syn::Result<Path> {
    if let Ok(text) = input.parse::<LitStr>() {
        let name = text.value().replace('-', "_");
        return Err(syn::Error::new(
            text.span(),
            format!("a crate is named without quotes: `{name}`"),
        ));
    }
    let path = path(input, "expected the name of a crate: `web_jobs`")?;
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(path);
    }
    let message = if input.peek(Token![-]) {
        "a crate's name is written with `_` in Rust: `web-jobs` is `web_jobs`"
    } else {
        "expected `,` before the next crate"
    };
    Err(syn::Error::new(input.span(), message))
}
