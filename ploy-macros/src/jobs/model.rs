//! What was parsed of `jobs![..]`.

use crate::input::crate_path::CratePath;
use crate::input::name::Name;

/// One job of the list.
pub(super) enum ListedJob {
    /// Its handle, and what it is given.
    Handle(syn::Path, Vec<GivenParam>),
    /// Its name, which is looked up at run time.
    Named(Name),
}

/// What is given for a parameter: `tag = "v1"`, or `tag` where that is what it is called here too.
pub(super) struct GivenParam {
    pub(super) name: proc_macro2::Ident,
    pub(super) value: syn::Expr,
}

/// The flattened list.
#[derive(Default)]
pub(super) struct JobList {
    pub(super) entries: Vec<ListedJob>,
    pub(super) krate: CratePath,
}
