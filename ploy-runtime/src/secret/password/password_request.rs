//! What a site asks for, and how a password is tried there.

use std::pin::Pin;

use crate::error::Failure;
use crate::secret::Secret;

/// A sudo on a site that needs a password.
#[derive(Clone, Copy)]
pub(crate) struct PasswordRequest<'a> {
    pub(crate) site: &'a str,
    /// The login user there, whose password it is.
    pub(crate) user: &'a str,
    /// What the site's sudo has rejected just now.
    pub(crate) rejected: Option<&'a Secret>,
    /// Whether the password must be tried on this very site, whatever other sites said.
    pub(crate) must_verify: bool,
}

/// What a site says to a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PasswordVerdict {
    Accepted,
    Rejected,
    /// It cannot be tried beforehand: the command itself finds out.
    Unknown,
}

/// Tries passwords on the site of a request.
pub(crate) trait PasswordTrial: Send {
    /// Tries a password.
    fn try_password<'a>(
        &'a mut self,
        password: &'a Secret,
    ) -> Pin<Box<dyn Future<Output = Result<PasswordVerdict, Failure>> + Send + 'a>>;
}
