//! What the macros read: the grammars that several of them share.
//!
//! An attribute reads its arguments by [`arguments`], where [`role_list`], [`topology_path`] and
//! [`crate_path`] are values, and the item under it by [`item`], whose doc comment is [`help`]. A
//! name of the user's keeps its place ([`name`]). All that is wrong is collected in [`errors`].

pub(crate) mod arguments;
pub(crate) mod crate_path;
pub(crate) mod errors;
pub(crate) mod help;
pub(crate) mod item;
pub(crate) mod name;
pub(crate) mod role_list;
pub(crate) mod topology_path;
