//! What `#[action]` makes of an action.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::model::{Action, Joined};
use crate::output::source::source;
use crate::output::{callable, role_check};
use crate::params;

/// The function as written, the registration of the action and the checks of its roles.
pub(super) fn expand(mut action: Action, item: &TokenStream) -> TokenStream {
    let (import, krate) = action.krate.import();
    action.krate = krate;
    let action = &action;
    let private = action.krate.private();
    let cfgs = action.function.head.cfgs();
    let allow = callable::allow(&action.function);
    let name = action.function.ident().to_string();
    let call = callable::action(&action.krate, &action.function, &action.params);
    let definitions = params::definitions(&action.krate, &action.params);
    let params = params::list(&action.params);
    let agreements = agreements(action);
    let source = source(&action.krate);
    let job = joined(action);
    let roles = roles(action);
    let checks = checks(action);
    quote! {
        #allow
        #item
        #(#cfgs)*
        #[allow(deprecated, unexpected_cfgs, unused_qualifications, clippy::all, clippy::pedantic)]
        const _: () = {
            #import
            #job
            #definitions
            #agreements
            #private::register!(#private::Entry::Action(#private::ActionDef {
                job: __PLOY_JOB,
                roles: #roles,
                source: #source,
                function: #name,
                params: #params,
                action: #private::#call,
            }));
            #checks
        };
    }
}

/// The name of the job as a constant. A handle is named here only, so that a wrong one is one
/// error.
fn joined(action: &Action) -> TokenStream {
    match &action.job {
        Joined::Named(name) => quote!(const __PLOY_JOB: &str = #name;),
        Joined::Handle(path) => {
            let span = Span::mixed_site().located_at(path.span());
            let private = action.krate.private_at(span);
            quote_spanned!(span=> const __PLOY_JOB: &str = <#path as #private::Handle>::NAME;)
        }
    }
}

/// Where the job is named by its handle, the compiler sees whether it has these parameters; else it
/// is seen at start.
fn agreements(action: &Action) -> TokenStream {
    match &action.job {
        Joined::Handle(path) if !action.params.is_empty() => {
            params::agreements(&action.krate, &action.params, path)
        }
        _ => TokenStream::new(),
    }
}

fn roles(action: &Action) -> TokenStream {
    match &action.roles {
        None => quote!(&[__PLOY_JOB]),
        Some(roles) => {
            let roles = roles.iter().map(|role| &role.text);
            quote!(&[#(#roles),*])
        }
    }
}

fn checks(action: &Action) -> TokenStream {
    let Action {
        krate, topology, ..
    } = action;
    match (&action.roles, &action.job) {
        (Some(roles), _) => role_check::of_literals(krate, topology, roles),
        (None, Joined::Named(name)) => {
            role_check::of_constant(krate, topology, &name.to_token_stream(), name.span)
        }
        (None, Joined::Handle(path)) => {
            let span = path
                .segments
                .last()
                .map_or_else(|| path.span(), |last| last.ident.span());
            let name = proc_macro2::Ident::new("__PLOY_JOB", span);
            role_check::of_constant(krate, topology, &name.to_token_stream(), span)
        }
    }
}
