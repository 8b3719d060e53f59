//! What the function of a job may return, and how it becomes one type.

use std::future::Future;
use std::pin::Pin;

use crate::error::{BoxError, Error};

/// What an asynchronous action comes to.
pub type BoxFuture = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// What a job may return: nothing, or a result without a value whose error turns into a boxed one.
#[diagnostic::on_unimplemented(
    message = "a ploy job must return `ploy::Result`, not `{Self}`",
    label = "not a job's result",
    note = "`()` and any `Result<(), E>` will do whose `E` converts into `Box<dyn Error + Send + Sync>`"
)]
pub trait JobOutput {
    /// The result, with the error as ploy's.
    ///
    /// # Errors
    ///
    /// The job's own.
    fn into_result(self) -> Result<(), Error>;
}

impl JobOutput for () {
    fn into_result(self) -> Result<(), Error> {
        Ok(())
    }
}

impl<E: Into<BoxError>> JobOutput for Result<(), E> {
    fn into_result(self) -> Result<(), Error> {
        self.map_err(|error| Error::from_box(error.into()))
    }
}

/// An asynchronous function's future as an action's.
///
/// Every job is one more instance of this. So it makes no future of its own, and it is compiled
/// into the code of its caller: instances of a plain generic function are gathered in one unit,
/// which each edit of a job would compile anew.
#[inline(always)]
pub fn boxed<F, T>(future: F) -> BoxFuture
where
    F: Future<Output = T> + Send + 'static,
    T: JobOutput,
{
    erased(future)
}

/// The same without a name for the output, which then is known to live as long as its future.
#[inline(always)]
fn erased<F: Future<Output: JobOutput> + Send + 'static>(future: F) -> BoxFuture {
    with_result(Box::pin(future))
}

/// The same for all futures of one output.
fn with_result<T>(future: Pin<Box<dyn Future<Output = T> + Send>>) -> BoxFuture
where
    T: JobOutput + 'static,
{
    Box::pin(async move { future.await.into_result() })
}

/// A plain function's result as an action's.
///
/// # Errors
///
/// The function's own.
pub fn finish<T: JobOutput>(output: T) -> Result<(), Error> {
    output.into_result()
}
