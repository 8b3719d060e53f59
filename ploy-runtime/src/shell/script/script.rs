//! Shell text that is safe to run.

use std::fmt;

use crate::error::{Failure, Kind};

/// Shell text that is safe to run: every value in it was quoted by `cmd!`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    text: Vec<u8>,
    /// Why it must not run, if a value cannot stand where it does.
    refusal: Option<ScriptRefusal>,
}

/// Why a script must not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ScriptRefusal {
    pub(super) message: String,
    pub(super) hint: &'static str,
}

impl Script {
    /// A script as it stands, without any quoting. Whatever went into `text` must be trusted or
    /// quoted.
    pub fn raw(text: impl Into<String>) -> Self {
        let text = text.into().into_bytes();
        let refusal = text.contains(&0).then(|| ScriptRefusal {
            message: "the script holds a NUL byte".to_owned(),
            hint: "no shell takes one; pass such data through a file",
        });
        Script { text, refusal }
    }

    /// A script of our own, whose values are quoted.
    pub(crate) fn from_quoted(text: Vec<u8>) -> Self {
        Script {
            text,
            refusal: None,
        }
    }

    pub(super) fn new(text: Vec<u8>, refusal: Option<ScriptRefusal>) -> Self {
        Script { text, refusal }
    }

    /// The text that the shell gets.
    ///
    /// # Errors
    ///
    /// [`Kind::Usage`] if a value is empty inside a longer word or begins a word with `-`, and was
    /// not written `{value:any}`; or if it holds a NUL byte.
    pub fn text(&self) -> Result<&[u8], Failure> {
        match &self.refusal {
            None => Ok(&self.text),
            Some(refusal) => Err(Failure::new(
                Kind::Usage,
                format!("refused to run `{self}`"),
                refusal.message.clone(),
            )
            .with_hint(refusal.hint)),
        }
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.text))
    }
}

/// What [`Shell::run`](crate::shell::Shell::run) takes: a [`Script`].
#[diagnostic::on_unimplemented(
    message = "a shell command must be a `Script`, not `{Self}`",
    label = "not a script",
    note = "write `cmd!(\"..{{value}}..\")`, which quotes its values",
    note = "text that is trusted as it stands can be wrapped in `Script::raw(..)`"
)]
pub trait IntoScript {
    /// The script.
    fn into_script(self) -> Script;
}

impl IntoScript for Script {
    fn into_script(self) -> Script {
        self
    }
}

impl IntoScript for &Script {
    fn into_script(self) -> Script {
        self.clone()
    }
}
