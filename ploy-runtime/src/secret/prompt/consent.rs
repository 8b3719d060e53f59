//! Questions that are answered by yes or no.

use super::prompt_error::PromptError;
use super::prompt_terminal::terminal;
use crate::error::{Failure, Kind};

/// Who answers the questions of jobs and schedules, which are not for secrets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Consent {
    /// Nobody: a question is an error at once.
    #[default]
    Nobody,
    /// The person at the terminal of this program.
    Terminal,
    /// Nobody is asked: the answer is yes.
    Yes,
}

/// How often a person is asked who answers neither yes nor no.
const MAX_ATTEMPTS: u32 = 3;

impl Consent {
    /// Asks.
    ///
    /// # Errors
    ///
    /// [`Kind::Usage`] if nobody can be asked, or says neither.
    pub(crate) async fn ask(self, question: &str) -> Result<bool, Failure> {
        let failed = |why: &str| {
            Failure::new(Kind::Usage, format!("nobody answers \"{question}\""), why)
                .with_hint("`--yes` answers yes to all such questions")
        };
        match self {
            Consent::Yes => return Ok(true),
            Consent::Nobody => return Err(failed("this run asks nobody")),
            Consent::Terminal => {}
        }
        for _ in 0..MAX_ATTEMPTS {
            let answer = terminal()
                .ask_visibly(question, "y/N")
                .await
                .map_err(|error| failed(&error.to_string()))?;
            match answer.trim().to_lowercase().as_str() {
                "y" | "yes" => return Ok(true),
                "" | "n" | "no" => return Ok(false),
                _ => {}
            }
        }
        Err(failed("the answer was neither yes nor no"))
    }

    /// Asks on the terminal for one of some words, by its first letter or more.
    pub(crate) async fn choose(
        question: &str,
        words: &[&'static str],
    ) -> Result<&'static str, PromptError> {
        let answers = words.join("/");
        loop {
            let answer = terminal()
                .ask_visibly(question, &answers)
                .await?
                .trim()
                .to_lowercase();
            let mut meant = words
                .iter()
                .filter(|word| !answer.is_empty() && word.starts_with(&answer));
            if let (Some(word), None) = (meant.next(), meant.next()) {
                return Ok(word);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn without_anybody_to_ask_the_error_says_what_to_do() {
        assert!(Consent::Yes.ask("delete it?").await.unwrap());
        let failure = Consent::Nobody.ask("delete it?").await.unwrap_err();
        assert_eq!(failure.kind(), Kind::Usage);
        assert!(failure.to_string().contains("delete it?"), "{failure}");
        assert!(failure.hint().unwrap().contains("--yes"));
    }
}
