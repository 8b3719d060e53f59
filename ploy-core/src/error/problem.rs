//! What is wrong with what was declared, found before anything runs.

use std::fmt;

/// Something that makes a topology or a catalogue unsound: found before anything runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    message: String,
    hint: Option<String>,
    /// The jobs and schedules that cannot be run because of it; empty if nothing can.
    names: Vec<String>,
}

impl Problem {
    #[doc(hidden)]
    pub fn new(message: impl Into<String>) -> Self {
        Problem {
            message: message.into(),
            hint: None,
            names: Vec::new(),
        }
    }

    #[doc(hidden)]
    pub fn of(name: &str, message: impl Into<String>) -> Self {
        Problem {
            names: vec![name.to_owned()],
            ..Problem::new(message)
        }
    }

    #[doc(hidden)]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What to do about it, if anything is known.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Whether this problem stands in the way of running the job or schedule of that name.
    pub fn concerns(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|own| own == name)
    }

    /// Whether nothing at all can be run because of it.
    pub fn is_fatal(&self) -> bool {
        self.names.is_empty()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
