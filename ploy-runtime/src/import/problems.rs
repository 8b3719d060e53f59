//! All that is wrong with a text, as one failure.

use crate::error::Failure;
use crate::error::Kind;

/// More than this many are only counted.
const TOLD: usize = 10;

/// All that is wrong with a text.
#[derive(Default)]
pub(super) struct ImportProblems {
    told: Vec<String>,
    more: usize,
    hint: Option<String>,
}

impl ImportProblems {
    pub(super) fn add(&mut self, message: String) {
        self.add_with(message, || None);
    }

    /// A problem, and what to do about it. Only the first hint is shown, and only for that is one
    /// looked for.
    pub(super) fn add_with(&mut self, message: String, hint: impl FnOnce() -> Option<String>) {
        if self.told.len() == TOLD {
            self.more += 1;
            return;
        }
        self.told.push(message);
        if self.hint.is_none() {
            self.hint = hint();
        }
    }

    /// One failure for all of them; none if there is no problem.
    pub(super) fn finish(self, origin: &str) -> Result<(), Failure> {
        if self.told.is_empty() {
            return Ok(());
        }
        let mut cause = self.told.join("; ");
        if self.more > 0 {
            cause.push_str(&format!("; and {} more", self.more));
        }
        Err(failure(origin, cause, self.hint))
    }
}

/// A failure to read sites from `origin`.
pub(super) fn failure(
    origin: &str,
    cause: impl Into<String>,
    hint: Option<impl Into<String>>,
) -> Failure {
    let failure = Failure::new(
        Kind::Usage,
        format!("cannot read sites from {origin}"),
        cause,
    );
    match hint {
        Some(hint) => failure.with_hint(hint),
        None => failure,
    }
}
