use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// A health check: what a rolling stage does between one group of sites and the next. See
/// [`Stage::check`](super::Stage::check).
///
/// What it does is the engine's business; a plan knows its name.
#[derive(Clone)]
pub struct Check {
    name: Arc<str>,
    body: Arc<dyn Any + Send + Sync>,
}

impl Check {
    pub(crate) fn with_body(name: &str, body: impl Any + Send + Sync) -> Self {
        Check {
            name: name.into(),
            body: Arc::new(body),
        }
    }

    /// The name: that of its function.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn body<T: Any>(&self) -> Option<&T> {
        self.body.downcast_ref()
    }
}

impl PartialEq for Check {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.body, &other.body)
    }
}

impl Eq for Check {}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Check").field(&self.name).finish()
    }
}
