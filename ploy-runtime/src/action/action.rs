//! What an action does.

use std::future::Future;
use std::sync::Arc;

use super::cx::Cx;
use super::job_output::{BoxFuture, JobOutput, boxed};
use crate::error::Error;

/// What an action does: a function of a [`Cx`].
#[derive(Clone)]
pub enum Action {
    /// An asynchronous function.
    Async(Arc<dyn Fn(Cx) -> BoxFuture + Send + Sync>),
    /// A plain function, which runs on a thread of its own.
    Blocking(Arc<dyn Fn(Cx) -> Result<(), Error> + Send + Sync>),
}

impl Action {
    /// An action that is an asynchronous function.
    pub fn new<F, T>(function: impl Fn(Cx) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = T> + Send + 'static,
        T: JobOutput,
    {
        Action::Async(Arc::new(move |cx| boxed(function(cx))))
    }

    /// An action that is a plain function. It may block; it runs its commands by [`Cx::blocking`].
    pub fn blocking<T: JobOutput>(function: impl Fn(Cx) -> T + Send + Sync + 'static) -> Self {
        Action::Blocking(Arc::new(move |cx| function(cx).into_result()))
    }
}

impl std::fmt::Debug for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Action::Async(_) => "Action::Async",
            Action::Blocking(_) => "Action::Blocking",
        })
    }
}
