//! `#[action]`.

mod check;
mod expand;
mod parse;

use proc_macro2::TokenStream;
use quote::quote;

use crate::crate_path::CratePath;
use crate::errors::Errors;
use crate::item::{Function, Item};
use crate::name::Name;
use crate::role_list::RoleList;
use crate::topology_path::TopologyPath;

/// The job that an action joins.
enum Joined {
    /// By its handle.
    Handle(syn::Path),
    /// By its name, which is looked up at start.
    Named(Name),
}

/// What stands in the parentheses of the attribute.
#[derive(Default)]
struct Arguments {
    job: Option<Joined>,
    roles: Option<RoleList>,
    topology: TopologyPath,
    krate: CratePath,
}

/// An action that follows the rules.
struct Action {
    job: Joined,
    /// The roles of its own. Without: the job's name is the role.
    roles: Option<Vec<Name>>,
    topology: TopologyPath,
    krate: CratePath,
    function: Function,
    params: Vec<crate::params::Param>,
}

/// The whole macro.
pub(crate) fn action(arguments: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let given = !arguments.is_empty();
    let arguments = parse::arguments(arguments, &mut errors);
    let function = errors
        .catch(Item::parse(item.clone()))
        .and_then(|parsed| parsed.function("action", &mut errors));
    let stripped = crate::params::stripped(item);
    match check::check(arguments, given, function, &mut errors) {
        Some(action) if errors.is_empty() => expand::expand(&action, &stripped),
        // An action has no name that anything else could miss: the item alone is the fallback.
        _ => {
            let errors = errors.into_tokens();
            quote!(#[allow(dead_code)] #stripped #errors)
        }
    }
}
