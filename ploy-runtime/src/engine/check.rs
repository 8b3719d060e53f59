use std::future::Future;
use std::sync::Arc;

use super::Group;
use crate::action::{BoxFuture, JobOutput, boxed};
use crate::catalogue::Check;

/// What a check does: a function of a [`Group`].
pub(super) type Body = dyn Fn(Group) -> BoxFuture + Send + Sync;

impl Check {
    /// A health check that is an asynchronous function of the group of sites that has ended. If it fails, the stage
    /// stops before the next group.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ploy_runtime::{Check, Group, Result, Schedule, Script};
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
    ///     .check(Check::new(healthy));
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
        Check::with_body(name, body)
    }

    pub(super) fn function(&self) -> Option<Arc<Body>> {
        self.body::<Arc<Body>>().cloned()
    }
}
