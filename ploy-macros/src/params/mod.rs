//! The parameters of a function: its arguments after the first, or all of a schedule in data.

mod expand;
mod read;
mod strip;

pub(crate) use expand::{agreements, checks, definitions, list, setters, values};
use proc_macro2::{Ident, Span};
pub(crate) use read::{of, refuse_attributes};
pub(crate) use strip::stripped;
use syn::{Expr, Type};

use crate::errors::Errors;

/// A parameter.
pub(crate) struct Param {
    /// The argument's name.
    pub(crate) ident: Ident,
    /// As it stands after `--`.
    name: String,
    name_span: Span,
    ty: Type,
    help: String,
    default: Option<Expr>,
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
