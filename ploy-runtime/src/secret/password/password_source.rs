//! Where passwords come from that were not set.

use super::password_error::PasswordError;
use super::password_prompt::{PasswordPrompt, ask};
use crate::secret::Secret;

/// How often a person is asked for one password.
pub(super) const MAX_ATTEMPTS: u32 = 5;

/// Where passwords come from that were not set.
pub(super) enum PasswordSource {
    /// There is none, and nobody to ask.
    Nobody,
    /// A person at the terminal, who can be asked again.
    Terminal,
    /// One password for all domains, which came from `origin`.
    Given { secret: Secret, origin: String },
}

impl PasswordSource {
    /// Whether a person is asked, and may be asked again.
    pub(super) fn can_ask_again(&self) -> bool {
        matches!(self, PasswordSource::Terminal)
    }

    /// Gets another password to try.
    pub(super) async fn next(
        &self,
        prompt: &PasswordPrompt<'_>,
        attempts: u32,
    ) -> Result<Secret, PasswordError> {
        match self {
            PasswordSource::Given { secret, .. } => Ok(secret.clone()),
            PasswordSource::Terminal => Ok(ask(prompt, attempts, MAX_ATTEMPTS).await?),
            PasswordSource::Nobody => Err(PasswordError::NobodyToAsk {
                remark: prompt.remark.clone(),
            }),
        }
    }
}
