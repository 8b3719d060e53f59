//! A panic in a job is that action's failure, and is shown like any other.

use std::any::Any;
use std::cell::RefCell;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::error::Kind;
use crate::event::{ErrorReport, SourceLocation};

thread_local! {
    /// Where the last panic of this thread was. Only known if [`hush`] was called.
    static PLACE: RefCell<Option<SourceLocation>> = const { RefCell::new(None) };
    /// Whether a job is running on this thread at the moment.
    static IN_JOB: RefCell<bool> = const { RefCell::new(false) };
}

/// From now on, a panic in a job is noted instead of printed into the middle of the output.
pub fn hush() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if IN_JOB.with(|in_job| *in_job.borrow()) {
            let place = info.location().map(SourceLocation::from);
            PLACE.with(|last| *last.borrow_mut() = place);
        } else {
            // What stands on the terminal is not to be mixed with the message.
            crate::terminal::screen().erase_until_redraw();
            print(info);
        }
    }));
}

/// Runs a job's function, or polls its future.
pub fn caught<T>(function: impl FnOnce() -> T) -> Result<T, Box<ErrorReport>> {
    IN_JOB.with(|in_job| *in_job.borrow_mut() = true);
    let result = catch_unwind(AssertUnwindSafe(function));
    IN_JOB.with(|in_job| *in_job.borrow_mut() = false);
    result.map_err(|payload| fault(&*payload))
}

fn fault(payload: &(dyn Any + Send)) -> Box<ErrorReport> {
    let text = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a value that is no text");
    let mut fault = ErrorReport::new(Kind::Other, format!("the job panicked: {text}"));
    fault.location = PLACE.with(|last| last.borrow_mut().take());
    Box::new(fault)
}

/// A future whose panic is an error.
pub struct Caught<T>(pub Pin<Box<dyn Future<Output = T> + Send>>);

impl<T> Future for Caught<T> {
    type Output = Result<T, Box<ErrorReport>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match caught(|| self.0.as_mut().poll(context)) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(fault) => Poll::Ready(Err(fault)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_fault_with_its_place() {
        hush();
        let future = Caught(Box::pin(async { panic!("at {}", 1) }));
        let fault: Result<(), Box<ErrorReport>> = tokio::spawn(future).await.unwrap();
        let fault = fault.unwrap_err();
        assert_eq!(fault.to_string(), "the job panicked: at 1");
        assert_eq!(fault.location.unwrap().file, file!());
    }
}
