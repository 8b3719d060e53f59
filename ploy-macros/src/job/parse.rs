//! The arguments of `#[job]`.

use proc_macro2::TokenStream;
use syn::LitStr;
use syn::parse::{ParseStream, Parser as _};

use super::model::JobArgs;
use crate::input::arguments::Grammar;
use crate::input::crate_path::CratePath;
use crate::input::errors::Errors;
use crate::input::name::Name;
use crate::input::role_list::{self, Items};
use crate::input::topology_path::TopologyPath;

const GRAMMAR: Grammar = Grammar {
    noun: "argument",
    sign: '=',
    known: &[
        "name", "roles", "critical", "run_as", "topology", "handle", "crate",
    ],
    hint: "",
};

/// Reads all that can be read.
pub(super) fn arguments(tokens: TokenStream, errors: &mut Errors) -> JobArgs {
    let mut arguments = JobArgs::default();
    let read = |input: ParseStream<'_>| {
        GRAMMAR.read(input, errors, |key, input, errors| {
            match key.to_string().as_str() {
                "name" => arguments.name = Some(Name::parse(input)?),
                "roles" => arguments.roles = Some(role_list::parse(input, Items::Strings, errors)?),
                "critical" => arguments.critical = critical(input)?,
                "run_as" => arguments.run_as = Some(run_as(input)?),
                "topology" => arguments.topology = TopologyPath::parse(input)?,
                "handle" => arguments.handle = Some(handle(input)?),
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

fn critical(input: ParseStream<'_>) -> syn::Result<bool> {
    let literal: syn::LitBool = input
        .parse()
        .map_err(|error| syn::Error::new(error.span(), "`critical` is `true` or `false`"))?;
    Ok(literal.value)
}

fn run_as(input: ParseStream<'_>) -> syn::Result<LitStr> {
    input
        .parse()
        .map_err(|error| syn::Error::new(error.span(), "a user is a string: `run_as = \"root\"`"))
}

fn handle(input: ParseStream<'_>) -> syn::Result<proc_macro2::Ident> {
    input.parse().map_err(|error| {
        syn::Error::new(
            error.span(),
            "a handle is an identifier that no other type or module here has: `handle = UploadWeb`",
        )
    })
}
