//! Where the output of a command begins: what a login shell prints before, such as a greeting, is
//! not the command's.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};

use crate::transport::guard::RemoteState;
use crate::transport::held_bytes::hand_on;

/// What a script prints before anything else, followed by its shell's process id and a line end.
const MARK: &str = "ploy-begins-5d0c8b1f92e7 ";

/// The shell command that prints it.
pub(super) const PRINT_MARK: &str = "echo ploy-begins-5d0c8b1f92e7 $$; ";

/// How much of what came before is kept: it is the output if the mark never comes.
const KEPT: usize = 64 * 1024;

/// A stream from the line after the mark on. A stream without a mark is whole, unless it is too
/// long to be kept.
pub(super) struct AfterBeginMark<R> {
    inner: R,
    remote: Arc<RemoteState>,
    /// What was read and not handed on.
    held: Vec<u8>,
    has_begun: bool,
}

impl<R: AsyncRead + Unpin> AfterBeginMark<R> {
    /// `remote` is told the process id that comes with the mark.
    pub(super) fn new(inner: R, remote: Arc<RemoteState>) -> Self {
        AfterBeginMark {
            inner,
            remote,
            held: Vec::new(),
            has_begun: false,
        }
    }

    /// Reads on, and looks for the mark. At the end of the stream all that is held is output.
    fn poll_mark(&mut self, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        let mut space = [0; 4096];
        while !self.has_begun {
            let mut buffer = ReadBuf::new(&mut space);
            ready!(Pin::new(&mut self.inner).poll_read(context, &mut buffer))?;
            if buffer.filled().is_empty() {
                self.has_begun = true;
                break;
            }
            self.held.extend_from_slice(buffer.filled());
            if let Some((end, leader)) = find(&self.held) {
                self.remote.set_group_id(leader);
                self.held.drain(..end);
                self.has_begun = true;
            } else if self.held.len() > 2 * KEPT {
                self.held.drain(..KEPT);
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for AfterBeginMark<R> {
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
        hand_on(&mut this.held, usize::MAX, buffer);
        Poll::Ready(Ok(()))
    }
}

/// Where the line with the mark ends, and the process id on it.
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
    use crate::transport::chunked_stream::ChunkedStream;

    async fn read(text: &str, size: usize) -> (String, Option<u32>) {
        let remote = Arc::new(RemoteState::new());
        let mut out = String::new();
        let mut stream =
            AfterBeginMark::new(ChunkedStream::new(text.as_bytes(), size), remote.clone());
        stream.read_to_string(&mut out).await.unwrap();
        (out, remote.group_id())
    }

    #[tokio::test]
    async fn what_comes_before_the_mark_is_not_output() {
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
        assert_eq!(PRINT_MARK, format!("echo {MARK}$$; "));
    }
}
