//! By which options a parameter can be given, and what their values are.

use ploy_core::catalogue::{Param, Shape};

/// What the values of an option are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ValueKind {
    /// Values of the parameter.
    Value,
    /// The file in which a secret is.
    File,
    /// The descriptor from which a secret comes.
    Descriptor,
}

/// The options by which a parameter can be given, and what their values are.
pub(crate) fn sources(param: &Param) -> Vec<(String, ValueKind)> {
    let name = param.name();
    match param.shape() {
        Shape::Secret => vec![
            (format!("{name}-file"), ValueKind::File),
            (format!("{name}-fd"), ValueKind::Descriptor),
        ],
        _ => vec![(name.to_owned(), ValueKind::Value)],
    }
}
