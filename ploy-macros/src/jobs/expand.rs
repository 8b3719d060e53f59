//! What `jobs![..]` evaluates to.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::{Entry, List};
use crate::errors::Errors;

/// A value of the type `Jobs`; the errors before it if there are any.
pub(super) fn expand(list: &List, errors: Errors) -> TokenStream {
    let private = list.krate.private();
    let entries = list.entries.iter().map(|entry| match entry {
        Entry::Named(name) => quote!(#private::job_named(#name)),
        Entry::Handle(path) => {
            // What is wrong with a path, or not a job, is said at the path.
            let span = Span::mixed_site().located_at(path.span());
            let private = list.krate.private_at(span);
            quote_spanned!(span=> #private::job_of::<#path>())
        }
    });
    let jobs = quote!(#private::jobs(&[#(#entries),*]));
    if errors.is_empty() {
        return jobs;
    }
    let errors = errors.into_tokens();
    quote!({ #errors #jobs })
}
