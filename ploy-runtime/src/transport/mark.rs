//! Where the output of a command begins: what a login shell prints before that, such as a greeting, is not the command's.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};

/// What a script puts out before anything else, as a line.
const MARK: &str = "ploy-begins-5d0c8b1f92e7";

/// The command of the shell that puts it out.
pub(super) const PRINT: &str = "echo ploy-begins-5d0c8b1f92e7; ";

/// How much is kept of what came before, for the case that the mark never comes.
const KEPT: usize = 64 * 1024;

/// A stream, from the line after the mark on. One in which the mark never comes is whole, less what is too much to keep.
pub(super) struct AfterMark<R> {
    inner: R,
    /// What came and has not been handed on.
    held: Vec<u8>,
    found: bool,
}

impl<R: AsyncRead + Unpin> AfterMark<R> {
    pub(super) fn new(inner: R) -> Self {
        AfterMark {
            inner,
            held: Vec::new(),
            found: false,
        }
    }

    /// Reads on, and looks for the mark. At the end of the stream all that is held is output.
    fn poll_mark(&mut self, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        let mut space = [0; 4096];
        while !self.found {
            let mut buffer = ReadBuf::new(&mut space);
            ready!(Pin::new(&mut self.inner).poll_read(context, &mut buffer))?;
            if buffer.filled().is_empty() {
                self.found = true;
                break;
            }
            self.held.extend_from_slice(buffer.filled());
            let line = format!("{MARK}\n");
            let at = self
                .held
                .windows(line.len())
                .position(|part| part == line.as_bytes());
            if let Some(at) = at {
                self.held.drain(..at + line.len());
                self.found = true;
            } else if self.held.len() > 2 * KEPT {
                self.held.drain(..KEPT);
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for AfterMark<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let this = &mut *self;
        ready!(this.poll_mark(context))?;
        if this.held.is_empty() {
            return Pin::new(&mut this.inner).poll_read(context, buffer);
        }
        let count = this.held.len().min(buffer.remaining());
        buffer.put_slice(&this.held[..count]);
        this.held.drain(..count);
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;
    use tokio_test_chunks::Chunks;

    use super::*;

    /// A stream that comes in pieces.
    mod tokio_test_chunks {
        use super::*;

        pub(super) struct Chunks(pub(super) Vec<Vec<u8>>);

        impl AsyncRead for Chunks {
            fn poll_read(
                mut self: Pin<&mut Self>,
                _: &mut Context<'_>,
                buffer: &mut ReadBuf<'_>,
            ) -> Poll<std::io::Result<()>> {
                if !self.0.is_empty() {
                    buffer.put_slice(&self.0.remove(0));
                }
                Poll::Ready(Ok(()))
            }
        }
    }

    async fn read(text: &str, size: usize) -> String {
        let chunks = text.as_bytes().chunks(size).map(<[u8]>::to_vec).collect();
        let mut out = String::new();
        let mut stream = AfterMark::new(Chunks(chunks));
        stream.read_to_string(&mut out).await.unwrap();
        out
    }

    #[tokio::test]
    async fn what_came_before_the_mark_is_not_the_commands() {
        for size in [1, 2, 7, 40, 4096] {
            let greeted = format!("welcome\nploy-begins-{MARK}\nout\n{MARK}\n");
            assert_eq!(read(&greeted, size).await, format!("out\n{MARK}\n"));
            assert_eq!(read("no such shell\n", size).await, "no such shell\n");
            assert_eq!(read("", size).await, "");
        }
    }

    #[test]
    fn the_script_prints_the_mark() {
        assert_eq!(PRINT, format!("echo {MARK}; "));
    }
}
