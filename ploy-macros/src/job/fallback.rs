//! What `#[job]` makes of a job that is wrong: the errors, and enough for everything else to
//! compile.

use proc_macro2::TokenStream;
use quote::quote;

use super::expand;
use super::model::Job;
use crate::input::errors::Errors;
use crate::params;

/// The errors, the item, and a handle that `jobs!` can name.
pub(super) fn fallback(job: Job, item: &TokenStream, errors: Errors) -> TokenStream {
    let errors = errors.into_tokens();
    let rest = expand::with_handle(job, item, |job| {
        let private = job.krate.private();
        let (handle, name) = (job.handle.ident(), &job.name.text);
        let params = params::list(&job.params);
        quote!(#private::handle!(#handle #name [#params]);)
    });
    quote!(#rest #errors)
}

/// The errors and the item, which is nothing that could be a job.
pub(super) fn without_item(item: &TokenStream, errors: Errors) -> TokenStream {
    let errors = errors.into_tokens();
    quote!(#item #errors)
}
