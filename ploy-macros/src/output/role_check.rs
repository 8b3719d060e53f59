//! The compile-time check that a role is declared, placed at the user's literal.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::input::crate_path::CratePath;
use crate::input::name::Name;
use crate::input::topology_path::TopologyPath;

/// Checks of string literals, to be put in a block of their own. Nothing where the roles are
/// checked at start.
///
/// Every token of a check has the very span of its literal, or rustc would point at the whole
/// attribute.
pub(crate) fn of_literals(
    krate: &CratePath,
    topology: &TopologyPath,
    roles: &[Name],
) -> TokenStream {
    let Some(first) = roles.first().filter(|_| topology.is_checked()) else {
        return TokenStream::new();
    };
    let table = table(krate, topology, first.span);
    let checks = roles.iter().map(|role| {
        let span = role.span;
        let private = krate.private_at(span);
        quote_spanned!(span=> const _: () = #private::assert_role(__PLOY_ROLES, #role);)
    });
    // What go-to-definition follows from the literal. In one block: each `cfg` costs an expansion.
    let links = roles.iter().filter_map(|role| {
        let module = topology.module(Span::mixed_site());
        role.identifier()
            .map(|item| quote!(use #module::roles::#item as _;))
    });
    quote! {
        #table
        #(#[cfg(not(rust_analyzer))] #checks)*
        #[cfg(rust_analyzer)]
        const _: () = { #(#links)* };
    }
}

/// The check that the name of a job, which `name` evaluates to, is a role.
pub(crate) fn of_constant(
    krate: &CratePath,
    topology: &TopologyPath,
    name: &TokenStream,
    span: Span,
) -> TokenStream {
    if !topology.is_checked() {
        return TokenStream::new();
    }
    let table = table(krate, topology, span);
    let private = krate.private_at(span);
    quote_spanned! {span=>
        #table
        const _: () = #private::assert_name_is_role(__PLOY_ROLES, #name);
    }
}

/// The roles that are declared: one constant, so that a missing topology is one error.
fn table(krate: &CratePath, topology: &TopologyPath, span: Span) -> TokenStream {
    let private = krate.private_at(span);
    let module = topology.module(span);
    quote_spanned!(span=> const __PLOY_ROLES: #private::RoleTable = #module::ROLES;)
}
