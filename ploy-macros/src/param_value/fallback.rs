//! What `#[derive(ParamValue)]` makes where something is wrong.

use proc_macro2::TokenStream;
use quote::quote;

use super::expand::implementation;
use super::model::ValueType;
use crate::input::errors::Errors;

/// The errors, and an implementation that compiles.
pub(super) fn fallback(value: &ValueType, errors: Errors) -> TokenStream {
    let errors = errors.into_tokens();
    let body = quote! {
        fn parse(_: &str) -> ::core::result::Result<Self, ::std::string::String> {
            ::core::result::Result::Err(::std::string::String::new())
        }

        fn show(&self) -> ::std::string::String {
            ::std::string::String::new()
        }
    };
    let implementation = implementation(value, &body);
    quote!(#implementation #errors)
}
