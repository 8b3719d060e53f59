//! What is made of parameters.

use ploy_syntax::option::can_clash;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned as _;

use super::model::Param;
use crate::input::crate_path::CratePath;

impl Param {
    /// The name by which code gives it: an identifier.
    fn setter(&self) -> Ident {
        let mut ident = self.ident.clone();
        ident.set_span(self.name_span);
        ident
    }

    /// Its description, as a constant.
    fn definition(&self, krate: &CratePath) -> TokenStream {
        let Self { name, ty, help, .. } = self;
        let at_type = Span::mixed_site().located_at(ty.span());
        let private = krate.private_at(at_type);
        let type_name = readable(ty);
        let new = quote_spanned!(at_type=> #private::Param::new::<#ty>(#name));
        let help = (!help.is_empty()).then(|| quote!(.help(#help)));
        let default = self.default.as_ref().map(|expr| {
            let at = Span::mixed_site().located_at(expr.span());
            let private = krate.private_at(at);
            quote_spanned!(at=> .default(|| #private::default::<#ty>(#name, #expr)))
        });
        let setter = self.setter().to_string();
        let set_by = (setter != *name).then(|| quote!(.set_by(#setter)));
        quote!(#new.typed(#type_name) #set_by #help #default)
    }
}

/// A type as its author would write it.
fn readable(ty: &Type) -> String {
    let text = ty.to_token_stream().to_string();
    text.replace(" < ", "<")
        .replace("< ", "<")
        .replace(" >", ">")
        .replace(" ::", "::")
        .replace(":: ", "::")
        .replace(" ,", ",")
}

/// The descriptions of all, as the constant `__PLOY_PARAMS`, where there are any.
pub(crate) fn definitions(krate: &CratePath, params: &[Param]) -> TokenStream {
    if params.is_empty() {
        return TokenStream::new();
    }
    let private = krate.private();
    let definitions = params.iter().map(|param| param.definition(krate));
    quote!(const __PLOY_PARAMS: &'static [#private::Param] = &[#(#definitions),*];)
}

/// The list of all: what [`definitions`] made, or nothing.
pub(crate) fn list(params: &[Param]) -> TokenStream {
    if params.is_empty() {
        quote!(&[])
    } else {
        quote!(__PLOY_PARAMS)
    }
}

/// The values of all, taken from what is named `from`: bindings, and the arguments of the call.
pub(crate) fn values(
    krate: &CratePath,
    params: &[Param],
    from: &Ident,
) -> (TokenStream, Vec<TokenStream>) {
    let mut bindings = TokenStream::new();
    let mut passed = Vec::new();
    for (number, param) in params.iter().enumerate() {
        let Param { ty, .. } = param;
        let at = Span::mixed_site().located_at(ty.span());
        let private = krate.private_at(at);
        let value = Ident::new(&format!("__ploy_{number}"), at);
        bindings.extend(
            quote_spanned!(at=> let #value: #ty = #private::argument::<#ty>(&#from, &__PLOY_PARAMS[#number]);),
        );
        passed.push(value.to_token_stream());
    }
    (bindings, passed)
}

/// A check that no option of every deploy binary has the name of a parameter. Only where the name
/// could be one: whether it is depends on the type, which the compiler knows, and each check is one
/// more constant to evaluate.
pub(crate) fn checks(params: &[Param]) -> TokenStream {
    let params = params.iter().enumerate();
    let checks = params
        .filter(|(_, param)| can_clash(&param.name))
        .map(|(number, param)| {
            let at = Span::call_site().located_at(param.name_span);
            quote_spanned!(at=> const _: () = __PLOY_PARAMS[#number].assert_free();)
        });
    checks.collect()
}

/// What `jobs!` finds out about a job's parameters by its handle: a function for each, and which
/// must be given.
pub(crate) fn setters(krate: &CratePath, params: &[Param], handle: &Ident) -> TokenStream {
    if params.is_empty() {
        return TokenStream::new();
    }
    let private = krate.private();
    let setters = params.iter().enumerate().map(|(number, param)| {
        let Param { ty, .. } = param;
        let setter = param.setter();
        quote! {
            #[doc(hidden)]
            pub fn #setter(value: impl #private::IntoArgument<#ty>) -> #private::Given {
                #private::given::<#ty>(&__PLOY_PARAMS[#number], value)
            }
        }
    });
    quote! {
        impl #handle {
            #(#setters)*
        }
    }
}

/// That an action takes some of its job's parameters, by name and type: a call of the job's own
/// setter for each.
pub(crate) fn agreements(krate: &CratePath, params: &[Param], job: &syn::Path) -> TokenStream {
    let private = krate.private();
    let agreements = params.iter().map(|param| {
        let Param { ty, .. } = param;
        let at = Span::mixed_site().located_at(param.ident.span());
        let setter = param.setter();
        quote_spanned!(at=> let _ = |value: #ty| -> #private::Given { <#job>::#setter(value) };)
    });
    quote! {
        #[allow(dead_code)]
        fn __ploy_agree() {
            #(#agreements)*
        }
    }
}
