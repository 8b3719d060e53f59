//! The options of the command line by which a parameter is given.

use ploy_syntax::option::SECRET_SUFFIXES;

use super::argument::Shape;
use super::param::Param;

/// All options by which a parameter is given.
pub(in crate::catalogue) fn options_of(param: &Param) -> Vec<String> {
    let name = param.name();
    match param.shape() {
        Shape::Secret => SECRET_SUFFIXES
            .iter()
            .map(|suffix| format!("{name}{suffix}"))
            .collect(),
        _ => vec![name.to_owned()],
    }
}

/// The option by which a parameter is given: of a secret, only where it comes from.
pub fn option_of(param: &Param) -> String {
    match param.shape() {
        Shape::Secret => format!("{}{}", param.name(), SECRET_SUFFIXES[0]),
        _ => param.name().to_owned(),
    }
}
