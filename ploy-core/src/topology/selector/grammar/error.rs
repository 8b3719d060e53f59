//! Why a text is no selector.

use std::borrow::Cow;
use std::fmt;

use ploy_syntax::range::RangeError;

use crate::error::{Failure, Kind, Problem};

/// Why a text is no [`Selector`](crate::topology::Selector).
///
/// The message is one line, in lower case: it has the text, the place of the mistake and what is
/// wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectorError {
    text: String,
    /// What the text should have been.
    form: &'static str,
    at: usize,
    wrong: String,
    hint: Option<Cow<'static, str>>,
}

impl SelectorError {
    /// An error at the character number `at`, from 0, of a text that should have been a `form`.
    pub(super) fn new(text: &str, form: &'static str, at: usize, mistake: Mistake) -> Self {
        SelectorError {
            text: text.to_owned(),
            form,
            at,
            wrong: mistake.wrong,
            hint: mistake.hint,
        }
    }

    /// What to do about it, if anything is known.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Where the mistake is: the number of a character of the text, from 1. It is one more than
    /// there are characters if the text ends too early.
    pub fn position(&self) -> usize {
        self.at + 1
    }
}

impl fmt::Display for SelectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SelectorError { form, wrong, .. } = self;
        if self.text.trim().is_empty() {
            return write!(f, "the {form} is empty");
        }
        let text = excerpt(&self.text, self.at);
        let position = self.position();
        write!(
            f,
            "cannot read the {form} `{text}`: at character {position}, {wrong}"
        )
    }
}

impl std::error::Error for SelectorError {}

impl From<&SelectorError> for Problem {
    fn from(error: &SelectorError) -> Self {
        let problem = Problem::new(error.to_string());
        match error.hint() {
            Some(hint) => problem.with_hint(hint),
            None => problem,
        }
    }
}

impl From<SelectorError> for Failure {
    fn from(error: SelectorError) -> Self {
        let failure = Failure::new(Kind::Usage, "cannot select sites", error.to_string());
        match error.hint {
            Some(hint) => failure.with_hint(hint),
            None => failure,
        }
    }
}

/// What is wrong at some place of a text, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) wrong: String,
    pub(super) hint: Option<Cow<'static, str>>,
}

impl Mistake {
    pub(super) fn new(wrong: impl Into<String>) -> Self {
        Mistake {
            wrong: wrong.into(),
            hint: None,
        }
    }

    pub(super) fn with_hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<RangeError> for Mistake {
    fn from(error: RangeError) -> Self {
        let hint: Option<Cow<'static, str>> = match &error {
            RangeError::NotClosed => Some("a range is written `web[1-3]`".into()),
            RangeError::Malformed { .. } => Some(
                "in brackets stand numbers and ranges: `[1-3,7]`, `[01-12]`, `[0-20/5]`".into(),
            ),
            RangeError::Padding { .. } => {
                Some("pad both numbers to the same length: `[01-12]`".into())
            }
            RangeError::Reversed { upwards, .. } => Some(format!("write `{upwards}`").into()),
            RangeError::StepWithoutRange { .. } => {
                Some("a step stands behind a range: `[0-20/5]` is 0, 5, 10, 15 and 20".into())
            }
            RangeError::NotOpened
            | RangeError::Empty
            | RangeError::MissingNumber
            | RangeError::TooManyDigits { .. }
            | RangeError::StepOfZero { .. }
            | RangeError::TooManyNumbers { .. }
            | RangeError::TooManyNames => None,
        };
        Mistake {
            wrong: error.to_string(),
            hint,
        }
    }
}

/// The part of a text around the character number `at` that fits into a message.
pub(in super::super) fn excerpt(text: &str, at: usize) -> String {
    const AROUND: usize = 60;
    let from = at.saturating_sub(AROUND);
    let mut shown: String = if from == 0 { "" } else { ".." }.to_owned();
    let mut rest = text.chars().skip(from);
    for c in rest.by_ref().take(2 * AROUND) {
        shown.extend(c.escape_debug().filter(|_| c.is_control()));
        if !c.is_control() {
            shown.push(c);
        }
    }
    if rest.next().is_some() {
        shown.push_str("..");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_short_and_plain() {
        assert_eq!(excerpt("web,\u{1b}[31m", 4), "web,\\u{1b}[31m");
        let long = "x".repeat(500);
        assert_eq!(excerpt(&long, 0), format!("{}..", "x".repeat(120)));
        assert_eq!(excerpt(&long, 250), format!("..{}..", "x".repeat(120)));
        assert_eq!(excerpt(&long, 499), format!("..{}", "x".repeat(61)));
    }

    #[test]
    fn it_becomes_a_failure_of_usage() {
        let error = crate::topology::Selector::parse("web;db").unwrap_err();
        let failure = Failure::from(error.clone());
        assert_eq!(failure.kind(), Kind::Usage);
        assert_eq!(failure.detail().to_string(), error.to_string());
        assert_eq!(failure.hint(), error.hint());
    }
}
