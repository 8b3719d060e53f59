//! A stream of output that is captured and not shown.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};

/// What was captured so far.
#[derive(Clone, Default)]
pub(super) struct CaptureBuffer(Arc<Mutex<Vec<u8>>>);

impl CaptureBuffer {
    pub(super) fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Captures a stream. Its reader sees nothing but the end.
pub(super) struct CapturedStream<R> {
    inner: R,
    store: CaptureBuffer,
    most: usize,
}

impl<R: AsyncRead + Unpin> CapturedStream<R> {
    /// Captures the first `most` bytes and discards the rest.
    pub(super) fn new(inner: R, store: CaptureBuffer, most: usize) -> Self {
        CapturedStream { inner, store, most }
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for CapturedStream<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        _: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let mut space = [0; 16 * 1024];
        loop {
            let mut buffer = ReadBuf::new(&mut space);
            ready!(Pin::new(&mut self.inner).poll_read(context, &mut buffer))?;
            let read = buffer.filled();
            if read.is_empty() {
                return Poll::Ready(Ok(()));
            }
            let mut store = self.store.0.lock().unwrap_or_else(PoisonError::into_inner);
            let room = self.most.saturating_sub(store.len());
            store.extend_from_slice(&read[..room.min(read.len())]);
        }
    }
}
