//! sudo passwords: one for each password domain, shared by its sites.
//!
//! `passwords` holds the domains of a program; `domain` is one of them, whose `domain_state` says
//! what is known of its password. `password_request` is what a site asks for, and how the password
//! is tried there. `password_source` is where passwords come from that were not set:
//! `password_prompt` words the question for a person. `password_error` says why there is no
//! password.

mod domain;
mod domain_state;
mod password_error;
mod password_prompt;
mod password_request;
mod password_source;
mod passwords;
#[cfg(test)]
mod tests;

pub(crate) use domain::GrantedPassword;
pub(crate) use password_request::{PasswordRequest, PasswordTrial, PasswordVerdict};
pub use passwords::Passwords;
