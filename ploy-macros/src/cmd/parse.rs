//! The strings in `cmd!(..)`.

use proc_macro2::{Ident, Span, TokenStream};
use syn::parse::{ParseStream, Parser as _};
use syn::{LitStr, Token};

use super::model::{CommandList, CommandString};
use super::shell;
use crate::input::arguments::skip_to;
use crate::input::crate_path::CratePath;
use crate::input::errors::Errors;

/// Reads and lexes all strings. A wrong one is said and left out.
pub(super) fn commands(tokens: TokenStream, errors: &mut Errors) -> CommandList {
    let mut commands = CommandList::default();
    let read = |input: ParseStream<'_>| {
        commands.krate = CratePath::parse_head(input, errors);
        if input.is_empty() && errors.is_empty() {
            errors.at(
                Span::call_site(),
                "`cmd!` takes a shell command as a string: `cmd!(\"tar xzf {archive}\")`",
            );
        }
        let mut is_first = true;
        while !input.is_empty() {
            match item(input, is_first, errors) {
                Ok(item) => commands.items.extend(item),
                Err(error) => {
                    errors.push(error);
                    skip_to(input, |_| false);
                }
            }
            is_first = false;
            if !input.is_empty() && input.parse::<Token![,]>().is_err() {
                errors.at(input.span(), "expected `,` before the next command");
                skip_to(input, |_| false);
            }
        }
        Ok(())
    };
    let read = read.parse2(tokens);
    errors.catch(read);
    commands
}

fn item(
    input: ParseStream<'_>,
    is_first: bool,
    errors: &mut Errors,
) -> syn::Result<Option<CommandString>> {
    let literal: LitStr = input.parse().map_err(|_| not_a_string(input, is_first))?;
    // The place of the literal itself: in a macro of the user's, `span` may be that of the fragment
    // around it.
    let span = literal.span();
    if !literal.suffix().is_empty() {
        return Err(syn::Error::new(literal.span(), "a command has no suffix"));
    }
    match shell::lex(&literal.value()) {
        Ok(command) => Ok(Some(CommandString { command, span })),
        Err(problems) => {
            problems
                .into_iter()
                .for_each(|problem| errors.at(span, problem));
            Ok(None)
        }
    }
}

fn not_a_string(input: ParseStream<'_>, is_first: bool) -> syn::Error {
    if let Ok(name) = input.fork().parse::<Ident>()
        && !is_first
    {
        let message =
            format!("values do not follow the command: they stand in it, as `{{{name}}}`");
        return syn::Error::new(input.span(), message);
    }
    syn::Error::new(
        input.span(),
        "`cmd!` takes string literals only, as it quotes what is put into them: write a value's \
         name into the command, as in `cmd!(\"tar xzf {archive}\")`; text that is made at run time goes through `Script::raw`",
    )
}
