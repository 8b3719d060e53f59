//! What must not be seen: secrets, the sudo passwords that sites share, who is asked for them, and how all of it is kept out
//! of what is shown.

mod argument;
mod mask;
mod password;
mod prompt;
mod secret;
mod sources;

pub(crate) use mask::Mask;
pub(crate) use mask::{Keeping, masked};
pub use password::Passwords;
pub(crate) use password::{Asker, Granted, Trial, Verdict};
pub use prompt::Consent;
use prompt::terminal;
pub use secret::Secret;
pub(crate) use sources::close_taken;
