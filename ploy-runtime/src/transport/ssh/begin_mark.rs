//! Where the output of a command begins: what a login shell prints before that, such as a greeting, is not the command's.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};

use crate::transport::guard::There;

/// What a script puts out before anything else, with the shell's process id after it, as a line.
const MARK: &str = "ploy-begins-5d0c8b1f92e7 ";

/// The command of the shell that puts it out.
pub(crate) const PRINT: &str = "echo ploy-begins-5d0c8b1f92e7 $$; ";

/// How much is kept of what came before, for the case that the mark never comes.
const KEPT: usize = 64 * 1024;

/// A stream, from the line after the mark on. One in which the mark never comes is whole, less what is too much to keep.
pub(crate) struct AfterMark<R> {
    inner: R,
    there: Arc<There>,
    /// What came and has not been handed on.
    held: Vec<u8>,
    found: bool,
}

impl<R: AsyncRead + Unpin> AfterMark<R> {
    pub(crate) fn new(inner: R, there: Arc<There>) -> Self {
        AfterMark {
            inner,
            there,
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
            if let Some((end, leader)) = find(&self.held) {
                self.there.set_group(leader);
                self.held.drain(..end);
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

/// Where the line of the mark ends, and the process id that it tells.
fn find(held: &[u8]) -> Option<(usize, u32)> {
    let begin = MARK.len()
        + held
            .windows(MARK.len())
            .position(|part| part == MARK.as_bytes())?;
    let length = held[begin..].iter().position(|byte| *byte == b'\n')?;
    let leader = std::str::from_utf8(&held[begin..begin + length]).ok()?;
    Some((begin + length + 1, leader.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;

    use super::*;
    use crate::transport::chunked_stream::Chunks;

    async fn read(text: &str, size: usize) -> (String, Option<u32>) {
        let there = Arc::new(There::new());
        let mut out = String::new();
        let mut stream = AfterMark::new(Chunks::new(text.as_bytes(), size), there.clone());
        stream.read_to_string(&mut out).await.unwrap();
        (out, there.group())
    }

    #[tokio::test]
    async fn what_came_before_the_mark_is_not_the_commands() {
        for size in [1, 2, 7, 40, 4096] {
            let greeted = format!("welcome\nploy-begins-{MARK}4711\nout\n{MARK}12\n");
            let (out, leader) = read(&greeted, size).await;
            assert_eq!(out, format!("out\n{MARK}12\n"));
            assert_eq!(leader, Some(4711));
            for text in ["no such shell\n", ""] {
                assert_eq!(read(text, size).await, (text.to_owned(), None));
            }
        }
    }

    #[test]
    fn the_script_prints_the_mark() {
        assert_eq!(PRINT, format!("echo {MARK}$$; "));
    }
}
