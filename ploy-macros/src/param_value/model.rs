//! What was parsed of `#[derive(ParamValue)]`.

use proc_macro2::Ident;

use crate::input::crate_path::CratePath;

/// The type of a parameter's values.
pub(super) struct ValueType {
    pub(super) ident: Ident,
    pub(super) krate: CratePath,
    pub(super) body: Body,
}

pub(super) enum Body {
    /// An enum: one value for each variant.
    Choices(Vec<Choice>),
    /// A type that reads and writes itself, by `FromStr` and `Display`.
    Text,
}

/// A variant, and how it is written.
pub(super) struct Choice {
    pub(super) ident: Ident,
    pub(super) name: String,
    pub(super) help: String,
}
