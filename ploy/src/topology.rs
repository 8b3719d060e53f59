//! Sites, roles and their settings, and the selectors that choose among them.
//!
//! `sites!` makes a [`Topology`]; by hand it is built with [`Topology::add`]. Everything here is
//! pure data.

pub use ploy_core::topology::{
    IntoRoles, IntoSelector, IntoSetting, Merge, Role, RoleTable, Selector, SelectorError,
    Settings, Site, Topology, Value,
};
