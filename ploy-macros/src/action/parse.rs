//! The arguments of `#[action]`.

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser as _};
use syn::{LitStr, Path};

use super::model::{ActionArgs, Joined};
use crate::input::arguments::Grammar;
use crate::input::crate_path::CratePath;
use crate::input::errors::Errors;
use crate::input::name::Name;
use crate::input::role_list::{self, Items};
use crate::input::topology_path::TopologyPath;

const GRAMMAR: Grammar = Grammar {
    noun: "argument",
    sign: '=',
    known: &["job", "roles", "topology", "crate"],
    hint: "",
};

/// Reads all that can be read.
pub(super) fn arguments(tokens: TokenStream, errors: &mut Errors) -> ActionArgs {
    let mut arguments = ActionArgs::default();
    let read = |input: ParseStream<'_>| {
        GRAMMAR.read(input, errors, |key, input, errors| {
            match key.to_string().as_str() {
                "job" => arguments.job = Some(joined(input)?),
                "roles" => arguments.roles = Some(role_list::parse(input, Items::Strings, errors)?),
                "topology" => arguments.topology = TopologyPath::parse(input)?,
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

fn joined(input: ParseStream<'_>) -> syn::Result<Joined> {
    if let Ok(name) = input.fork().parse::<LitStr>() {
        input.parse::<LitStr>()?;
        return Ok(Joined::Named(Name::of_literal(&name)));
    }
    Path::parse_mod_style(input)
        .map(Joined::Handle)
        .map_err(|error| {
            let message = "expected the function of the job, such as `upload` or `web::upload`, or \
            its name as a string";
            syn::Error::new(error.span(), message)
        })
}
