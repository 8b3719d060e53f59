//! `#[job]`.

mod check;
mod expand;
mod fallback;
mod handle;
mod parse;

pub(crate) use check::checked_roles;
pub(crate) use parse::name as parse_name;
use proc_macro2::TokenStream;

use crate::crate_path::CratePath;
use crate::errors::Errors;
use crate::item::{Function, Head, Item, Struct};
use crate::name::Name;
use crate::topology_path::TopologyPath;

/// What stands in the parentheses of the attribute.
#[derive(Default)]
struct Arguments {
    name: Option<Name>,
    roles: Option<crate::role_list::RoleList>,
    critical: bool,
    run_as: Option<syn::LitStr>,
    topology: TopologyPath,
    handle: Option<proc_macro2::Ident>,
    krate: CratePath,
}

/// A job that follows the rules.
struct Job {
    name: Name,
    help: String,
    roles: Roles,
    critical: bool,
    run_as: Option<String>,
    topology: TopologyPath,
    handle: Handle,
    krate: CratePath,
    body: Body,
    params: Vec<crate::params::Param>,
}

/// Where the action runs.
enum Roles {
    /// On the sites of these.
    Listed(Vec<Name>),
    /// On the sites of the role that has the job's name.
    Name,
    /// There is no action.
    None,
}

/// What does the work.
enum Body {
    Function(Box<Function>),
    /// Nothing: actions join.
    Struct(Struct),
}

/// The item that stands for the job in `jobs!`.
enum Handle {
    /// A struct that the attribute makes.
    Made(proc_macro2::Ident),
    /// The struct that the attribute stands on.
    Given(proc_macro2::Ident),
}

impl Body {
    /// Whether a type could stand for the job: there is no place for one beside a method.
    fn can_have_handle(&self) -> bool {
        match self {
            Self::Function(function) => function.signature.receiver().is_none(),
            Self::Struct(item) => !item.has_generics,
        }
    }

    fn head(&self) -> &Head {
        match self {
            Self::Function(function) => &function.head,
            Self::Struct(item) => &item.head,
        }
    }

    fn ident(&self) -> &proc_macro2::Ident {
        match self {
            Self::Function(function) => function.ident(),
            Self::Struct(item) => &item.ident,
        }
    }
}

/// The whole macro.
pub(crate) fn job(arguments: TokenStream, tokens: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let arguments = parse::arguments(arguments, &mut errors);
    let body = errors
        .catch(Item::parse(tokens.clone()))
        .and_then(|item| check::item(item, &mut errors));
    let item = crate::params::stripped(tokens);
    let Some(body) = body.filter(Body::can_have_handle) else {
        return fallback::without_item(&item, errors);
    };
    let job = check::check(arguments, body, &mut errors);
    if errors.is_empty() {
        expand::expand(&job, &item)
    } else {
        fallback::fallback(&job, &item, errors)
    }
}
