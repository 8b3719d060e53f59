//! Sites, roles and settings. Pure: no I/O, no async runtime.

mod fold;
mod name;
mod role;
mod selector;
mod setting;
mod settings;
mod site;
mod table;
mod topology;

pub use fold::fold;
pub use name::{check_name, check_variable};
pub use role::{IntoRoles, Role};
pub use selector::chosen;
pub use selector::{IntoSelector, Selector, SelectorError};
pub use setting::IntoSetting;
pub use settings::Settings;
pub use site::Site;
pub use site::describe;
pub use table::{RoleTable, assert_name_is_role, assert_role};
pub use topology::{Merge, Topology};

/// A value of the user's own under `vars`: JSON's types, so that serde reads it into any other.
pub use serde_json::Value;
