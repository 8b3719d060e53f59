//! What must not be seen: secrets, the sudo passwords that sites share, who is asked for them, and how all of it is kept out
//! of what is shown.

mod argument;
mod consent;
mod domain;
mod forms;
mod keys;
mod known;
mod mask;
mod no_password;
mod passwords;
mod places;
mod prompt;
mod secret;
mod source;
mod terminal;
#[cfg(test)]
mod tests;

pub use consent::Consent;
pub(crate) use domain::{Asker, Granted, Trial, Verdict};
pub(crate) use known::Keeping;
pub use known::masked;
pub(crate) use mask::Mask;
pub use passwords::Passwords;
pub use secret::Secret;
pub(crate) use source::close_taken;
use terminal::terminal;
