//! The words in which a person is asked for a password.

use crate::secret::prompt::{PromptError, terminal};
use crate::secret::secret::Secret;

/// A question for a password.
#[derive(Clone)]
pub(crate) struct PasswordPrompt<'a> {
    /// The site that needs it first.
    pub(crate) site: &'a str,
    /// The user whose password it is, if that is known.
    pub(crate) user: Option<&'a str>,
    /// The name of the domain.
    pub(crate) domain: &'a str,
    /// All sites of the domain, folded.
    pub(crate) sites: &'a str,
    /// What became of the last answer.
    pub(crate) remark: Option<String>,
}

impl PasswordPrompt<'_> {
    /// The text before the cursor.
    pub(crate) fn text(&self) -> String {
        let whose = self
            .user
            .map(|user| format!(" of {user}"))
            .unwrap_or_default();
        // The sites come last: they may be many, and a long prompt is cut.
        format!(
            "[sudo] password{whose}{} for {}: ",
            self.domain_if_named(),
            self.sites
        )
    }

    fn domain_if_named(&self) -> String {
        // A name that is made of user and host says nothing new.
        if self.domain.contains('@') || self.domain == self.sites {
            String::new()
        } else {
            format!(" (domain {})", self.domain)
        }
    }

    /// The line before the prompt, if there is one.
    fn remark(&self, attempts: u32, max: u32) -> Option<String> {
        let remark = self.remark.as_ref()?;
        Some(match attempts {
            0 => format!("{remark}\n"),
            attempts => format!("{remark} ({} of {max} tries left)\n", max - attempts),
        })
    }
}

/// Asks for a password on the terminal.
pub(crate) async fn ask(
    prompt: &PasswordPrompt<'_>,
    attempts: u32,
    max: u32,
) -> Result<Secret, PromptError> {
    let remark = prompt.remark(attempts, max).unwrap_or_default();
    let secret = terminal().ask(&remark, &prompt.text()).await?;
    if !secret.is_maskable() {
        let warning =
            "warning: a password of less than 8 bytes is not masked where a command puts it out\n";
        terminal().say(warning);
    }
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_names_user_domain_and_sites() {
        let mut prompt = PasswordPrompt {
            site: "web1",
            user: Some("deploy"),
            domain: "prod",
            sites: "web[1-20]",
            remark: None,
        };
        let text = "[sudo] password of deploy (domain prod) for web[1-20]: ";
        assert_eq!(prompt.text(), text);
        assert_eq!(prompt.remark(0, 5), None);
        prompt.remark = Some("web1 rejected that password".to_owned());
        let remark = "web1 rejected that password (4 of 5 tries left)\n";
        assert_eq!(prompt.remark(1, 5).unwrap(), remark);
        prompt = PasswordPrompt {
            user: None,
            domain: "deploy@web1",
            sites: "web1",
            ..prompt
        };
        assert_eq!(prompt.text(), "[sudo] password for web1: ");
    }
}
