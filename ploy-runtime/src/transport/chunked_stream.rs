//! A stream that comes in pieces, for tests.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, ReadBuf};

/// Bytes that come in pieces of a given size.
pub(super) struct ChunkedStream(VecDeque<Vec<u8>>);

impl ChunkedStream {
    pub(super) fn new(bytes: &[u8], size: usize) -> Self {
        ChunkedStream(bytes.chunks(size).map(<[u8]>::to_vec).collect())
    }
}

impl AsyncRead for ChunkedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        if let Some(mut chunk) = self.0.pop_front() {
            let rest = chunk.split_off(chunk.len().min(buffer.remaining()));
            buffer.put_slice(&chunk);
            if !rest.is_empty() {
                self.0.push_front(rest);
            }
        }
        Poll::Ready(Ok(()))
    }
}
