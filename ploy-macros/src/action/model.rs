//! What was parsed of `#[action]`, and the action that it makes.

use crate::input::crate_path::CratePath;
use crate::input::item::Function;
use crate::input::name::Name;
use crate::input::role_list::RoleList;
use crate::input::topology_path::TopologyPath;
use crate::params::Param;

/// The job that an action joins.
pub(super) enum Joined {
    /// By its handle.
    Handle(syn::Path),
    /// By its name, which is looked up at start.
    Named(Name),
}

/// What stands in the parentheses of the attribute.
#[derive(Default)]
pub(super) struct ActionArgs {
    pub(super) job: Option<Joined>,
    pub(super) roles: Option<RoleList>,
    pub(super) topology: TopologyPath,
    pub(super) krate: CratePath,
}

/// An action that follows the rules.
pub(super) struct Action {
    pub(super) job: Joined,
    /// The roles of its own. Without: the job's name is the role.
    pub(super) roles: Option<Vec<Name>>,
    pub(super) topology: TopologyPath,
    pub(super) krate: CratePath,
    pub(super) function: Function,
    pub(super) params: Vec<Param>,
}
