//! What a command over ssh leaves running in the background when it ends: it is ended too, and that is said.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};

use super::there::There;

/// What the shell says on its standard error, as the last line, if it had to end anything.
const LINE: &[u8] = b"ploy: ended what the command left running in the background\n";

/// What a command's shell does at its end: it ends its watchdog, and what is left of its group, which could else hold the
/// output open for ever. By the last job that was started in the background it tells whether there was anything. That one
/// may take no notice of TERM, so it gets KILL two seconds later.
///
/// A shell learns by `jobs` that a job has ended; until then `kill` still finds its process id.
///
/// A script that sets a trap of its own for `EXIT` does without.
pub(super) fn at_exit(watchdog: Option<&str>) -> String {
    let watchdog = watchdog.map_or_else(String::new, |pid| {
        format!("kill -s KILL '{pid}' 2>/dev/null; ")
    });
    format!(
        "trap 'trap \"\" TERM; {watchdog}[ -z \"${{!-}}\" ] || {{ jobs >/dev/null 2>&1; \
         kill -s 0 \"$!\" 2>/dev/null && {{ echo \"{line}\" >&2; \
         {{ sleep 2; kill -s KILL 0; }} </dev/null >/dev/null 2>&1 & }}; }}; kill -s TERM 0' EXIT; ",
        line = String::from_utf8_lossy(LINE).trim_end(),
    )
}

/// A stream without that line. It holds back only what may be the beginning of it.
pub(super) struct WithoutLeft<R> {
    inner: R,
    there: Arc<There>,
    /// What has come and not been handed on.
    held: Vec<u8>,
    has_ended: bool,
}

impl<R: AsyncRead + Unpin> WithoutLeft<R> {
    pub(super) fn new(inner: R, there: Arc<There>) -> Self {
        WithoutLeft {
            inner,
            there,
            held: Vec::new(),
            has_ended: false,
        }
    }

    /// How much of what is held can be handed on.
    fn free(&self) -> usize {
        if self.has_ended {
            self.held.len()
        } else {
            self.held.len() - begun(&self.held)
        }
    }

    /// Reads straight into the buffer, and holds back what may be the beginning of the line.
    fn poll_past(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(context, buffer))?;
        let end = buffer.filled().len();
        self.has_ended = end == before;
        let begin = end - begun(&buffer.filled()[before..]);
        self.held.extend_from_slice(&buffer.filled()[begin..]);
        buffer.set_filled(begin);
        Poll::Ready(Ok(()))
    }

    /// Reads on after what is held.
    fn poll_more(&mut self, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        let mut space = [0; 4096];
        let mut more = ReadBuf::new(&mut space);
        ready!(Pin::new(&mut self.inner).poll_read(context, &mut more))?;
        self.held.extend_from_slice(more.filled());
        self.has_ended = more.filled().is_empty();
        if self.has_ended && self.held.ends_with(LINE) {
            self.held.clear();
            self.there.set_left_behind();
        }
        Poll::Ready(Ok(()))
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for WithoutLeft<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let this = &mut *self;
        let before = buffer.filled().len();
        while buffer.filled().len() == before && buffer.remaining() > 0 {
            let free = this.free().min(buffer.remaining());
            if free > 0 {
                buffer.put_slice(&this.held[..free]);
                this.held.drain(..free);
            } else if this.has_ended {
                break;
            } else if this.held.is_empty() {
                ready!(this.poll_past(context, buffer))?;
            } else {
                ready!(this.poll_more(context))?;
            }
        }
        Poll::Ready(Ok(()))
    }
}

/// How many bytes at the end of these may be the beginning of the line. It may come twice: a child that bash has just
/// made still does what its parent does at the end.
fn begun(bytes: &[u8]) -> usize {
    let last = (1..=LINE.len().min(bytes.len()))
        .rev()
        .find(|count| bytes.ends_with(&LINE[..*count]))
        .unwrap_or(0);
    let mut rest = &bytes[..bytes.len() - last];
    while let Some(before) = rest.strip_suffix(LINE) {
        rest = before;
    }
    bytes.len() - rest.len()
}

#[cfg(test)]
mod tests {
    use std::process::Stdio;
    use std::time::Duration;

    use tokio::io::AsyncReadExt;
    use tokio::process::Command;

    use super::super::chunks::Chunks;
    use super::super::watchdog::watchdog;
    use super::*;

    async fn read(text: &[u8], size: usize) -> (String, bool) {
        let there = Arc::<There>::default();
        let mut stream = WithoutLeft::new(Chunks::new(text, size), there.clone());
        let mut out = String::new();
        stream.read_to_string(&mut out).await.unwrap();
        (out, there.left_behind())
    }

    #[tokio::test]
    async fn the_line_is_taken_off_the_end_only() {
        let line = std::str::from_utf8(LINE).unwrap();
        for size in [1, 2, 7, 59, 60, 61, 4096] {
            for said in ["", "careful\n", "no line break", "plo", "ploy: end\n"] {
                for count in [1, 2] {
                    let text = format!("{said}{}", line.repeat(count));
                    let expected = (said.to_owned(), true);
                    assert_eq!(read(text.as_bytes(), size).await, expected, "{size}");
                }
                for text in [said.to_owned(), format!("{line}{said}.")] {
                    assert_eq!(read(text.as_bytes(), size).await, (text, false), "{size}");
                }
            }
        }
    }

    /// What a command over ssh says, how it ends, and whether it left anything.
    async fn run(shell: &[&str], watched: bool, script: &str) -> (String, Option<i32>, bool) {
        let (give, stdin) = tokio::sync::oneshot::channel();
        let (registration, begin) = watchdog(async { stdin.await.ok() });
        let begin = if watched { begin } else { at_exit(None) };
        let mut child = Command::new(shell[0])
            .args(&shell[1..])
            .arg("-c")
            .arg(format!("{begin}{script}"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap();
        assert!(give.send(child.stdin.take().unwrap()).is_ok());
        let there = Arc::<There>::default();
        let mut stderr = WithoutLeft::new(child.stderr.take().unwrap(), there.clone());
        let mut said = String::new();
        let patience = Duration::from_secs(30);
        let read = tokio::time::timeout(patience, stderr.read_to_string(&mut said));
        assert!(read.await.is_ok(), "{shell:?} is held open by `{script}`");
        let mut stdout = WithoutLeft::new(child.stdout.take().unwrap(), there.clone());
        stdout.read_to_string(&mut said).await.unwrap();
        let code = child.wait().await.unwrap().code();
        drop(registration);
        (said, code, there.left_behind())
    }

    #[tokio::test]
    async fn it_is_said_where_something_is_left() {
        let cases = [
            (": ", 0, false),
            ("exit 3", 3, false),
            ("set -eu; false; :", 1, false),
            ("sleep 0 & sleep 0 & wait", 0, false),
            (
                "true & pid=$!; while kill -s 0 $pid 2>/dev/null; do jobs >/dev/null; done",
                0,
                false,
            ),
            ("sleep 300 &", 0, true),
            ("set -eu; sleep 300 & false", 1, true),
            ("sleep 300 | cat & exec 2>&1; exit 3", 3, true),
            ("trap '' TERM; sleep 300 &", 0, true),
        ];
        for shell in [&["dash"][..], &["bash"], &["busybox", "sh"]] {
            for watched in [true, false] {
                for (script, code, left) in cases {
                    let expected = (String::new(), Some(code), left);
                    let found = run(shell, watched, script).await;
                    assert_eq!(found, expected, "{shell:?} {watched} {script}");
                }
            }
        }
    }
}
