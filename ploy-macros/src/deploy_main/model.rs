//! What was parsed of `main!`.

use crate::input::crate_path::CratePath;

/// What the deploy binary is made of.
#[derive(Default)]
pub(super) struct App {
    /// The module made by `sites!`; `crate::topology` if none is named.
    pub(super) topology: Option<syn::Path>,
    /// Job crates that nothing else in the binary names.
    pub(super) uses: Vec<syn::Path>,
    /// A function that runs before anything is checked.
    pub(super) setup: Option<syn::Path>,
    pub(super) krate: CratePath,
}
