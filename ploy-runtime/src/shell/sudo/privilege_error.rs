//! Why a command cannot be run as another user.

use crate::shell::script::VariableError;

/// Why a command cannot be run as another user.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PrivilegeError {
    #[error("`{0}` is no user's name")]
    UserName(String),
    #[error(transparent)]
    Variable(#[from] VariableError),
    /// The script would be read as options of sudo.
    #[error("it begins with an option of sudo")]
    SudoOption,
    #[error("sudo would run only the first of its commands, and open no file for them")]
    NotSimple,
    #[error("sudo writes the variables that it lets through into its log")]
    SecretInSudoLog,
    #[error("`{user}` could not read the file, which is the login user's")]
    UnreadableSecretFile { user: String },
}

impl PrivilegeError {
    /// What to do about it.
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            PrivilegeError::UserName(_) | PrivilegeError::Variable(_) => None,
            PrivilegeError::SudoOption => {
                Some("name another user by `sudo_as`, and kept variables by `keep_env`")
            }
            PrivilegeError::NotSimple => Some(
                "`sudo_sh` has all of it run by another user; `run` with `sudo` before a command only that",
            ),
            PrivilegeError::SecretInSudoLog => {
                Some("hand the secret over by the standard input, or have `sudo_sh` run it")
            }
            PrivilegeError::UnreadableSecretFile { .. } => {
                Some("hand it over by `secret_env`, or by the standard input")
            }
        }
    }
}
