//! A parameter.

use proc_macro2::{Ident, Span};
use syn::{Expr, Type};

use crate::input::errors::Errors;

/// A parameter.
pub(crate) struct Param {
    /// The argument's name.
    pub(crate) ident: Ident,
    /// As it stands after `--`.
    pub(super) name: String,
    pub(super) name_span: Span,
    pub(super) ty: Type,
    pub(super) help: String,
    pub(super) default: Option<Expr>,
}

impl Param {
    /// An action takes what its job has, which has the default.
    pub(crate) fn refuse_default(&self, errors: &mut Errors) {
        if let Some(default) = &self.default {
            errors.push(syn::Error::new_spanned(
                default,
                "the default stands at the job's parameter: an action takes what its job is given",
            ));
        }
    }
}
