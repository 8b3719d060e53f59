//! What was parsed of `cmd!`.

use proc_macro2::Span;

use super::shell::Command;
use crate::input::crate_path::CratePath;

/// One string of the user's, understood.
pub(super) struct CommandString {
    pub(super) command: Command,
    pub(super) span: Span,
}

/// The strings, in order: more than one are joined by `&&`.
#[derive(Default)]
pub(super) struct CommandList {
    pub(super) items: Vec<CommandString>,
    pub(super) krate: CratePath,
}
