//! What was parsed: statements, settings, values.

use proc_macro2::Ident;
use syn::Expr;

use ploy_syntax::setting::Setting;

use crate::input::crate_path::CratePath;
use crate::input::name::Name;
use crate::input::role_list::RoleList;

/// The whole input.
#[derive(Default)]
pub(super) struct Sites {
    pub(super) krate: CratePath,
    pub(super) statements: Vec<Statement>,
}

pub(super) enum Statement {
    Site(Site),
    Update(Update),
    Role(Name),
}

/// `site NAME { .. }`.
pub(super) struct Site {
    /// As written, with the ranges in it.
    pub(super) name: Name,
    /// The names of all its sites: one without a range. Empty if the name is malformed.
    pub(super) names: Vec<String>,
    pub(super) is_range: bool,
    pub(super) settings: Vec<GivenSetting>,
}

/// `update [roles] { .. }`.
pub(super) struct Update {
    pub(super) roles: RoleList,
    pub(super) settings: Vec<GivenSetting>,
}

/// `key: value`.
pub(super) struct GivenSetting {
    pub(super) key: Ident,
    pub(super) setting: Setting,
    pub(super) value: SettingValue,
}

pub(super) enum SettingValue {
    /// Any Rust expression.
    Expr(Expr),
    /// Of `roles`.
    Roles(RoleList),
    /// Of `env` and `vars`.
    Table(Vec<TableEntry>),
}

/// `key: value` in a table. The key is a string or an identifier.
pub(super) struct TableEntry {
    pub(super) key: Name,
    pub(super) value: Expr,
}

/// The roles that settings add.
pub(super) fn roles(settings: &[GivenSetting]) -> impl Iterator<Item = &Name> {
    settings.iter().flat_map(|setting| match &setting.value {
        SettingValue::Roles(list) => list.roles.as_slice(),
        _ => &[],
    })
}
