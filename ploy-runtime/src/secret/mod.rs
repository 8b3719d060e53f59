//! Secrets: values that must not be seen, and sudo's passwords.
//!
//! `secret` is such a value, `sources` reads one from a file, a descriptor or a command, and
//! `argument` makes it a parameter of a job. `mask/` keeps secrets out of everything that is shown.
//! `password/` has the sudo passwords that sites share, and `prompt/` asks a person on the
//! terminal.

mod argument;
mod mask;
mod password;
mod prompt;
mod secret;
mod sources;

pub use mask::masked;
pub(crate) use mask::{SecretRetention, StreamMask};
pub use password::Passwords;
pub(crate) use password::{GrantedPassword, PasswordRequest, PasswordTrial, PasswordVerdict};
pub use prompt::Consent;
pub use secret::Secret;
pub(crate) use sources::close_used_descriptors;
