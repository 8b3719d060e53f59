//! The check of a rolling stage as a function.

use std::future::Future;
use std::sync::Arc;

use super::group::Group;
use crate::action::{BoxFuture, JobOutput, boxed};
use crate::catalogue::GroupCheck;

/// What a check does: a function of a [`Group`].
pub(in crate::engine) type Body = dyn Fn(Group) -> BoxFuture + Send + Sync;

/// A health check: what a rolling stage does between one group of sites and the next. See
/// [`Stage::check`](crate::catalogue::Stage::check).
#[derive(Clone, Debug)]
pub struct HealthCheck(GroupCheck);

impl HealthCheck {
    /// A health check that is an asynchronous function of the group of sites that has ended. If it
    /// fails, the stage stops before the next group.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ploy::{HealthCheck, Group, Result, Schedule, Script};
    ///
    /// async fn healthy(group: Group) -> Result {
    ///     for site in group.sites() {
    ///         group.shell(site).run(Script::raw("curl -fsS localhost/health")).await?;
    ///     }
    ///     Ok(())
    /// }
    ///
    /// let release = Schedule::new()
    ///     .rolling("1,10%,100%", ["upload-web", "upgrade-web"])
    ///     .pause(Duration::from_secs(10))
    ///     .check(HealthCheck::new(healthy));
    /// # assert_eq!(release.stages().len(), 1);
    /// ```
    pub fn new<F, Fut, T>(function: F) -> Self
    where
        F: Fn(Group) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = T> + Send + 'static,
        T: JobOutput,
    {
        let name = std::any::type_name::<F>();
        let name = name
            .rsplit("::")
            .next()
            .filter(|name| !name.starts_with('{'))
            .unwrap_or("check");
        let body: Arc<Body> = Arc::new(move |group| boxed(function(group)));
        HealthCheck(GroupCheck::with_body(name, body))
    }

    /// The name: that of its function, or `check` for a closure.
    pub fn name(&self) -> &str {
        self.0.name()
    }
}

impl From<HealthCheck> for GroupCheck {
    fn from(check: HealthCheck) -> Self {
        check.0
    }
}

/// What a check of a plan does, if it is a [`HealthCheck`].
pub(in crate::engine) fn function(check: &GroupCheck) -> Option<Arc<Body>> {
    check.body::<Arc<Body>>().cloned()
}
