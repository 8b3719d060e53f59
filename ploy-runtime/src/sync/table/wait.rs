//! A wait that is open.

use std::fmt;

use crate::event::{ActionId, WaitTarget};

/// A wait that is open, for messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wait {
    pub(crate) action: ActionId,
    /// The label of who waits.
    pub(crate) who: String,
    /// For what: ``the lock `deploy` ``.
    pub(crate) what: WaitTarget,
    /// The label of who has it, if somebody has.
    pub(crate) holder: Option<String>,
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Wait { who, what, .. } = self;
        write!(f, "{who} waits for {what}")?;
        match &self.holder {
            Some(holder) => write!(f, ", which {holder} has"),
            None => Ok(()),
        }
    }
}
