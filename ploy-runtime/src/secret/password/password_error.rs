//! Why there is no password.

use std::sync::Arc;

use crate::error::{Failure, Kind};
use crate::secret::prompt::PromptError;

/// Why there is no password.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum PasswordError {
    /// A person was asked, and did not know it.
    #[error("{site} rejected the password {times} times")]
    RejectedTooOften { site: String, times: u32 },
    /// The only password there is was rejected.
    #[error("{site} rejected the password from {origin}; it was tried once, and nowhere else")]
    OnlyOneRejected { site: String, origin: String },
    /// The only password there is was rejected on this site, and accepted on another.
    #[error("{site} rejected the password from {origin}, which another site took")]
    Differs { site: String, origin: String },
    /// The trial of a password was cancelled before its result was known.
    #[error("{site} was to say whether the password is right, and that was broken off")]
    TrialCancelled { site: String },
    /// There is no password, and nobody to ask. The remark says what became of the last one.
    #[error("{}", nobody_to_ask(.remark.as_deref()))]
    NobodyToAsk { remark: Option<String> },
    /// A person could not be asked.
    #[error("{0}")]
    Prompt(Arc<PromptError>),
}

fn nobody_to_ask(remark: Option<&str>) -> String {
    match remark {
        Some(remark) => format!("{remark}, and there is nobody to ask for another"),
        None => "this program has no password, and nobody to ask for it".to_owned(),
    }
}

impl From<PromptError> for PasswordError {
    fn from(error: PromptError) -> Self {
        PasswordError::Prompt(Arc::new(error))
    }
}

impl PasswordError {
    /// The failure of a site that waits for the password.
    pub(super) fn failure(&self, site: &str) -> Failure {
        let headline = format!("sudo asks for a password on {site}");
        let failure = Failure::new(Kind::Password, headline, self.to_string());
        match self.hint() {
            Some(hint) => failure.with_hint(hint),
            None => failure,
        }
    }

    fn hint(&self) -> Option<&'static str> {
        match self {
            PasswordError::Differs { .. } => {
                Some("sites with another password need a `password_domain` of their own")
            }
            PasswordError::NobodyToAsk { .. } => {
                Some("give it to the run or the shell by `Passwords`")
            }
            PasswordError::Prompt(_) => Some(
                "run it in a terminal, or give the password by --sudo-pass-file FILE, --sudo-pass-fd NUMBER or \
                 --sudo-pass-command COMMAND; sites whose sudoers say NOPASSWD need none",
            ),
            PasswordError::RejectedTooOften { .. }
            | PasswordError::OnlyOneRejected { .. }
            | PasswordError::TrialCancelled { .. } => None,
        }
    }
}
