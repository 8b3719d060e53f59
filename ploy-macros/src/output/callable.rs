//! How the runtime calls a function of the user: a closure without captures, each part of it at the
//! token that an error about it belongs to.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};

use crate::input::crate_path::CratePath;
use crate::input::item::Function;
use crate::params::{self, Param};

/// `|cx| boxed(f(cx))` for an async function, `|cx| finish(f(cx))` for a plain one; with
/// parameters, their values too.
pub(crate) fn closure(krate: &CratePath, function: &Function, params: &[Param]) -> TokenStream {
    let name = function.ident();
    let at_name = Span::mixed_site().located_at(name.span());
    let private = krate.private_at(at_name);
    let from = proc_macro2::Ident::new("__ploy_argument", Span::mixed_site());
    let (bindings, values) = params::values(krate, params, &from);
    let (parameter, call) = call(function, &values);
    // Where the output is named, an error about it is shown there.
    let output = function.named_output();
    let wrapped = match (function.is_async(), output) {
        (true, Some(output)) => quote_spanned!(at_name=> #private::boxed::<_, #output>),
        (true, None) => quote_spanned!(at_name=> #private::boxed),
        (false, Some(output)) => quote_spanned!(at_name=> #private::finish::<#output>),
        (false, None) => quote_spanned!(at_name=> #private::finish),
    };
    if params.is_empty() {
        quote_spanned!(at_name=> |#parameter| #wrapped(#call))
    } else {
        quote_spanned!(at_name=> |#parameter| { #bindings #wrapped(#call) })
    }
}

/// The parameter of the closure and the call of the function in it.
pub(crate) fn call(function: &Function, values: &[TokenStream]) -> (TokenStream, TokenStream) {
    let name = function.ident();
    let at_output = Span::mixed_site().located_at(function.output_span());
    match function.argument_span() {
        None => (
            quote_spanned!(at_output=> _),
            quote_spanned!(at_output=> #name()),
        ),
        Some(span) => {
            let at_argument = Span::mixed_site().located_at(span);
            let parameter = proc_macro2::Ident::new("__ploy_argument", Span::mixed_site());
            let passed = proc_macro2::Ident::new("__ploy_argument", at_argument);
            (
                parameter.to_token_stream(),
                quote_spanned!(at_output=> #name(#passed #(, #values)*)),
            )
        }
    }
}

/// The `ActionFn` of a function, without the path before it.
pub(crate) fn action(krate: &CratePath, function: &Function, params: &[Param]) -> TokenStream {
    let closure = closure(krate, function, params);
    if function.is_async() {
        quote!(ActionFn::Async(#closure))
    } else {
        quote!(ActionFn::Blocking(#closure))
    }
}

/// A plain function must take its `Cx` and parameters by value, and as many of these as its options
/// are, whatever clippy thinks of that.
pub(crate) fn allow(function: &Function) -> TokenStream {
    let inputs = function.signature.inputs.len();
    let by_value = (!function.is_async() && inputs > 0)
        .then(|| quote!(#[allow(clippy::needless_pass_by_value)]));
    let many = (inputs > 1)
        .then(|| quote!(#[allow(clippy::fn_params_excessive_bools, clippy::too_many_arguments)]));
    quote!(#by_value #many)
}
