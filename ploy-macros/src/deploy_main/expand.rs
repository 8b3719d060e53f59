//! What `main!` makes: `main`, the app it runs, and a test of the catalogue.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::model::App;

/// The items of a deploy binary.
pub(super) fn expand(app: &App) -> TokenStream {
    let private = app.krate.private();
    let uses = app
        .uses
        .iter()
        .map(|path| quote_spanned!(path.span()=> #[allow(unused_imports)] use #path as _;));
    let topology = match &app.topology {
        Some(path) => quote!(#path::topology),
        None => quote!(crate::topology::topology),
    };
    let setup = app.setup.as_ref().map(|path| {
        let span = Span::mixed_site().located_at(path.span());
        let private = app.krate.private_at(span);
        quote_spanned!(span=> .setup(|__ploy_topology, __ploy_catalogue| 
        #private::setup(#path(__ploy_topology, __ploy_catalogue))))
    });
    quote! {
        #(#uses)*

        fn __ploy_app() -> #private::App {
            #private::App::new(::core::env!("CARGO_PKG_VERSION")).topology(#topology) #setup
        }

        fn main() -> ::std::process::ExitCode {
            __ploy_app().run()
        }

        #[cfg(test)]
        #[test]
        fn ploy_catalogue_is_sound() {
            __ploy_app().assert_sound();
        }
    }
}
