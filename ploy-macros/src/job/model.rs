//! What was parsed of `#[job]`, and the job that it makes.

use proc_macro2::Ident;
use syn::LitStr;

use crate::input::crate_path::CratePath;
use crate::input::item::{Function, Head, Struct};
use crate::input::name::Name;
use crate::input::role_list::RoleList;
use crate::input::topology_path::TopologyPath;
use crate::params::Param;

/// What stands in the parentheses of the attribute.
#[derive(Default)]
pub(super) struct JobArgs {
    pub(super) name: Option<Name>,
    pub(super) roles: Option<RoleList>,
    pub(super) critical: bool,
    pub(super) run_as: Option<LitStr>,
    pub(super) topology: TopologyPath,
    pub(super) handle: Option<Ident>,
    pub(super) krate: CratePath,
}

/// A job that follows the rules.
pub(super) struct Job {
    pub(super) name: Name,
    pub(super) help: String,
    pub(super) roles: Roles,
    pub(super) critical: bool,
    pub(super) run_as: Option<String>,
    pub(super) topology: TopologyPath,
    pub(super) handle: Handle,
    pub(super) krate: CratePath,
    pub(super) body: Body,
    pub(super) params: Vec<Param>,
}

/// Where the action runs.
pub(super) enum Roles {
    /// On the sites of these.
    Listed(Vec<Name>),
    /// On the sites of the role that has the job's name.
    Name,
    /// There is no action.
    None,
}

/// What does the work.
pub(super) enum Body {
    Function(Box<Function>),
    /// Nothing: actions join.
    Struct(Struct),
}

/// The item that stands for the job in `jobs!`.
pub(super) enum Handle {
    /// A struct that the attribute makes.
    Made(Ident),
    /// The struct that the attribute stands on.
    Given(Ident),
}

impl Body {
    /// Whether a type could stand for the job: there is no place for one beside a method.
    pub(super) fn can_have_handle(&self) -> bool {
        match self {
            Self::Function(function) => function.signature.receiver().is_none(),
            Self::Struct(item) => !item.has_generics,
        }
    }

    pub(super) fn head(&self) -> &Head {
        match self {
            Self::Function(function) => &function.head,
            Self::Struct(item) => &item.head,
        }
    }

    pub(super) fn ident(&self) -> &Ident {
        match self {
            Self::Function(function) => function.ident(),
            Self::Struct(item) => &item.ident,
        }
    }
}
