//! What a rolling stage does between one group of sites and the next.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// A check: what a rolling stage does between one group of sites and the next. See
/// [`Stage::check`](super::Stage::check).
///
/// What it does is the engine's business; a plan knows its name.
#[derive(Clone)]
pub struct GroupCheck {
    name: Arc<str>,
    body: Arc<dyn Any + Send + Sync>,
}

impl GroupCheck {
    #[doc(hidden)]
    pub fn with_body(name: &str, body: impl Any + Send + Sync) -> Self {
        GroupCheck {
            name: name.into(),
            body: Arc::new(body),
        }
    }

    /// The name: that of its function.
    pub fn name(&self) -> &str {
        &self.name
    }

    #[doc(hidden)]
    pub fn body<T: Any>(&self) -> Option<&T> {
        self.body.downcast_ref()
    }
}

impl PartialEq for GroupCheck {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.body, &other.body)
    }
}

impl Eq for GroupCheck {}

impl fmt::Debug for GroupCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("GroupCheck").field(&self.name).finish()
    }
}
