//! Variables in the environment of a script.

use super::quoting::quoted;
use crate::topology::check_variable;

/// Why a variable cannot be set.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VariableError {
    /// No shell takes the name.
    #[error("{0}")]
    Name(String),
    #[error("the value of `{0}` holds a NUL byte")]
    NulInValue(String),
    #[error("the secret for `{0}` holds a NUL byte")]
    NulInSecret(String),
}

/// Checks the name of a variable.
pub(crate) fn check_name(name: &str) -> Result<(), VariableError> {
    check_variable(name).map_err(VariableError::Name)
}

/// Appends a command that sets a variable in the environment, if it can be set.
pub(crate) fn push_checked_export(
    text: &mut Vec<u8>,
    name: &str,
    value: &[u8],
) -> Result<(), VariableError> {
    check_name(name)?;
    if value.contains(&0) {
        return Err(VariableError::NulInValue(name.to_owned()));
    }
    push_export(text, name, value);
    Ok(())
}

/// Appends a command that sets a variable in the environment.
pub(crate) fn push_export(text: &mut Vec<u8>, name: &str, value: &[u8]) {
    text.extend_from_slice(format!("export {name}=").as_bytes());
    text.extend(quoted(value));
    text.push(b'\n');
}
