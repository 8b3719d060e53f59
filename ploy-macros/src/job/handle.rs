//! The type that stands for a job in `jobs!`, and what it knows of the job.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::model::{Handle, Job};

impl Handle {
    /// The name of the type.
    pub(super) fn ident(&self) -> &proc_macro2::Ident {
        match self {
            Self::Made(ident) | Self::Given(ident) => ident,
        }
    }

    /// The declaration, where the attribute makes the type.
    pub(super) fn declaration(&self, job: &Job) -> TokenStream {
        let Self::Made(ident) = self else {
            return TokenStream::new();
        };
        let head = job.body.head();
        let vis = &head.vis;
        let cfgs = head.cfgs();
        // What is said of the type, that it is private for example, is said at the function's name.
        let span = Span::mixed_site().located_at(ident.span());
        quote_spanned! {span=>
            #(#cfgs)*
            #[doc(hidden)]
            #[allow(
                dead_code, missing_copy_implementations, missing_debug_implementations,
                missing_docs, non_camel_case_types,
                unreachable_pub
            )]
            #vis struct #ident {}
        }
    }
}
