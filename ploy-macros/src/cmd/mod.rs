//! `cmd!`: shell text with values in it.
//!
//! [`parse`] reads the strings to the [`model`], and has each understood by [`shell`], which knows
//! where a value may stand. [`join`] makes one text of several strings, and [`expand`] writes the
//! script. Where something is wrong, the script without the wrong strings is the fallback.

mod expand;
mod join;
mod model;
mod parse;
mod shell;

use proc_macro2::TokenStream;

use crate::input::errors::Errors;

/// The whole macro.
pub(crate) fn cmd(tokens: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let commands = parse::commands(tokens, &mut errors);
    expand::expand(&commands, errors)
}
