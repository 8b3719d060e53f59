//! The arguments of `#[schedule]`.

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser as _};

use super::model::ScheduleArgs;
use crate::input::arguments::Grammar;
use crate::input::crate_path::CratePath;
use crate::input::errors::Errors;
use crate::input::name::Name;

const GRAMMAR: Grammar = Grammar {
    noun: "argument",
    sign: '=',
    known: &["name", "crate"],
    hint: "What a schedule runs, where and how is said in its function",
};

/// Reads all that can be read.
pub(super) fn arguments(tokens: TokenStream, errors: &mut Errors) -> ScheduleArgs {
    let mut arguments = ScheduleArgs::default();
    let read = |input: ParseStream<'_>| {
        GRAMMAR.read(input, errors, |key, input, _| {
            match key.to_string().as_str() {
                "name" => arguments.name = Some(Name::parse(input)?),
                _ => arguments.krate = CratePath::parse(input)?,
            }
            Ok(())
        });
        Ok(())
    };
    let read = read.parse2(tokens);
    errors.catch(read);
    arguments
}
