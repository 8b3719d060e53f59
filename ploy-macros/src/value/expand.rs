//! What `#[derive(ParamValue)]` makes.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Body, Value};
use crate::errors::Errors;

/// The implementation.
pub(super) fn expand(value: &Value) -> TokenStream {
    let private = value.krate.private();
    let body = match &value.body {
        Body::Choices(choices) => {
            let names: Vec<&str> = choices.iter().map(|choice| choice.name.as_str()).collect();
            let helps = choices
                .iter()
                .map(|choice| choice.help.lines().next().unwrap_or_default());
            let variants: Vec<_> = choices.iter().map(|choice| &choice.ident).collect();
            quote! {
                const CHOICES: &'static [#private::Choice] = &[
                    #(#private::Choice { name: #names, help: #helps }),*
                ];

                fn parse(text: &str) -> ::core::result::Result<Self, ::std::string::String> {
                    match text {
                        #(#names => ::core::result::Result::Ok(Self::#variants),)*
                        _ => ::core::result::Result::Err(#private::no_choice(text, Self::CHOICES)),
                    }
                }

                fn show(&self) -> ::std::string::String {
                    ::std::string::String::from(match self {
                        #(Self::#variants => #names,)*
                    })
                }
            }
        }
        Body::Text => quote! {
            fn parse(text: &str) -> ::core::result::Result<Self, ::std::string::String> {
                #private::parse(text)
            }

            fn show(&self) -> ::std::string::String {
                ::std::string::ToString::to_string(self)
            }
        },
    };
    implementation(value, &body)
}

/// The errors, and an implementation that compiles.
pub(super) fn fallback(value: &Value, errors: Errors) -> TokenStream {
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

fn implementation(value: &Value, body: &TokenStream) -> TokenStream {
    let ident = &value.ident;
    let private = value.krate.private();
    quote! {
        #[allow(deprecated, unused_qualifications, clippy::all, clippy::pedantic)]
        const _: () = {
            impl #private::ParamValue for #ident {
                #body
            }
        };
    }
}
