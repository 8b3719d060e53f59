//! `cmd!`.

mod expand;
mod join;
mod parse;
mod shell;

use proc_macro2::{Span, TokenStream};

use crate::crate_path::CratePath;
use crate::errors::Errors;
use shell::Command;

/// One string of the user's, understood.
struct Item {
    command: Command,
    span: Span,
}

/// The strings, in order: more than one are joined by `&&`.
#[derive(Default)]
struct Commands {
    items: Vec<Item>,
    krate: CratePath,
}

/// The whole macro. The fallback is a script without the wrong strings.
pub(crate) fn cmd(tokens: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let commands = parse::commands(tokens, &mut errors);
    expand::expand(&commands, errors)
}
