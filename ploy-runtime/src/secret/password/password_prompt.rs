//! What somebody is asked, in words.

use crate::secret::Secret;
use crate::secret::terminal;

/// A question for a password.
#[derive(Clone)]
pub(crate) struct Question<'a> {
    /// The site that needs it first.
    pub(crate) site: &'a str,
    /// The user whose password it is, if that is known.
    pub(crate) user: Option<&'a str>,
    /// The name of the domain.
    pub(crate) domain: &'a str,
    /// All sites of the domain, folded.
    pub(crate) sites: &'a str,
    /// What came of the question before.
    pub(crate) remark: Option<String>,
}

impl Question<'_> {
    /// What stands before the cursor.
    pub(crate) fn text(&self) -> String {
        let whose = self
            .user
            .map(|user| format!(" of {user}"))
            .unwrap_or_default();
        // The sites come last: they may be many, and what does not fit is cut.
        format!(
            "[sudo] password{whose}{} for {}: ",
            self.domain_if_named(),
            self.sites
        )
    }

    fn domain_if_named(&self) -> String {
        // One that is made from user and host says nothing new.
        if self.domain.contains('@') || self.domain == self.sites {
            String::new()
        } else {
            format!(" (domain {})", self.domain)
        }
    }

    /// What is said before it.
    fn remark(&self, tries: u32, most: u32) -> Option<String> {
        let remark = self.remark.as_ref()?;
        Some(match tries {
            0 => format!("{remark}\n"),
            tries => format!("{remark} ({} of {most} tries left)\n", most - tries),
        })
    }
}

/// Asks on the terminal.
///
/// # Errors
///
/// Why nobody answers.
pub(crate) async fn ask(question: &Question<'_>, tries: u32, most: u32) -> Result<Secret, String> {
    let remark = question.remark(tries, most).unwrap_or_default();
    let secret = terminal().ask(&remark, &question.text()).await?;
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
    fn a_question_names_domain_user_and_sites() {
        let mut question = Question {
            site: "web1",
            user: Some("deploy"),
            domain: "prod",
            sites: "web[1-20]",
            remark: None,
        };
        let text = "[sudo] password of deploy (domain prod) for web[1-20]: ";
        assert_eq!(question.text(), text);
        assert_eq!(question.remark(0, 5), None);
        question.remark = Some("web1 rejected that password".to_owned());
        let remark = "web1 rejected that password (4 of 5 tries left)\n";
        assert_eq!(question.remark(1, 5).unwrap(), remark);
        question = Question {
            user: None,
            domain: "deploy@web1",
            sites: "web1",
            ..question
        };
        assert_eq!(question.text(), "[sudo] password for web1: ");
    }
}
