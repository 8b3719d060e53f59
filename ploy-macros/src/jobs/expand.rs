//! What `jobs![..]` evaluates to.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::model::{GivenParam, JobList, ListedJob};
use crate::input::errors::Errors;

/// A value of the type `Jobs`; the errors before it if there are any.
pub(super) fn expand(list: &JobList, errors: Errors) -> TokenStream {
    let private = list.krate.private();
    let entries = list.entries.iter().map(|entry| match entry {
        ListedJob::Named(name) => quote!(#private::job_named(#name)),
        ListedJob::Handle(path, given) => handle(list, path, given),
    });
    let jobs = quote!(#private::jobs(&[#(#entries),*]));
    if errors.is_empty() {
        return jobs;
    }
    let errors = errors.into_tokens();
    quote!({ #errors #jobs })
}

/// The entry of a job, given this for its parameters.
fn handle(list: &JobList, path: &syn::Path, given: &[GivenParam]) -> TokenStream {
    // What is wrong with a path, or not a job, is said at the path.
    let span = Span::mixed_site().located_at(path.span());
    let private = list.krate.private_at(span);
    let names = given.iter().map(|argument| argument.name.to_string());
    // What is missing, too: a constant sees what it must be given.
    let check = quote_spanned! {span=>
        const _: () = #private::assert_given(
            <#path as #private::Handle>::NAME,
            <#path as #private::Handle>::PARAMS,
            &[#(#names),*],
        );
    };
    let values = given.iter().map(|GivenParam { name, value }| {
        let at = Span::mixed_site().located_at(value.span());
        let call = quote_spanned!(at=> (#value));
        quote!(.with(<#path>::#name #call))
    });
    quote_spanned!(span=> { #check #private::job_of::<#path>() #(#values)* })
}
