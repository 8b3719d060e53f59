//! `#[job]`: a function, or a unit struct, that is a job.
//!
//! [`parse`] reads the arguments to the [`model`], and [`check`] makes a job of them that follows
//! the rules. [`expand`] writes the item, the type that stands for the job in `jobs![..]`
//! ([`handle`]), and the registration; [`fallback`] leaves the registration out where something is
//! wrong.

mod check;
mod expand;
mod fallback;
mod handle;
mod model;
mod parse;

use model::Body;
use proc_macro2::TokenStream;

use crate::input::errors::Errors;
use crate::input::item::Item;

/// The whole macro.
pub(crate) fn job(arguments: TokenStream, tokens: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let arguments = parse::arguments(arguments, &mut errors);
    let body = errors
        .catch(Item::parse(tokens.clone()))
        .and_then(|item| check::item(item, &mut errors));
    let item = crate::params::stripped(tokens);
    let Some(body) = body.filter(Body::can_have_handle) else {
        return fallback::without_item(&item, errors);
    };
    let job = check::check(arguments, body, &mut errors);
    if errors.is_empty() {
        expand::expand(job, &item)
    } else {
        fallback::fallback(job, &item, errors)
    }
}
