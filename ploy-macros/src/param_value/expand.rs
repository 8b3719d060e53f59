//! What `#[derive(ParamValue)]` makes.

use proc_macro2::TokenStream;
use quote::quote;

use super::model::{Body, ValueType};

/// The implementation.
pub(super) fn expand(value: &ValueType) -> TokenStream {
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

/// The implementation with these functions.
pub(super) fn implementation(value: &ValueType, body: &TokenStream) -> TokenStream {
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
