//! `#[schedule]`.

mod check;
mod expand;
mod parse;

use proc_macro2::TokenStream;
use quote::quote;

use crate::crate_path::CratePath;
use crate::errors::Errors;
use crate::item::{Function, Item};
use crate::name::Name;

/// What stands in the parentheses of the attribute.
#[derive(Default)]
struct Arguments {
    name: Option<Name>,
    krate: CratePath,
}

/// A schedule that follows the rules: as data if its function is plain, as code if it is async.
struct Schedule {
    name: Name,
    krate: CratePath,
    function: Function,
    params: Vec<crate::params::Param>,
}

/// The whole macro.
pub(crate) fn schedule(arguments: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let arguments = parse::arguments(arguments, &mut errors);
    let function = errors
        .catch(Item::parse(item.clone()))
        .and_then(|parsed| parsed.function("schedule", &mut errors));
    let stripped = crate::params::stripped(item);
    match function.map(|function| check::check(arguments, function, &mut errors)) {
        Some(schedule) if errors.is_empty() => expand::expand(&schedule, &stripped),
        // A schedule has no name that anything else could miss: the item alone is the fallback.
        _ => {
            let errors = errors.into_tokens();
            quote!(#[allow(dead_code)] #stripped #errors)
        }
    }
}
