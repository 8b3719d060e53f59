//! What a command over ssh leaves running in the background when it ends: it is ended too, and that is said.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};

use super::remote_state::There;

/// What a command's shell does at its end: it ends its watchdog, and what is left of its group, which could else hold the
/// output open for ever. By the last job that was started in the background it tells whether there was anything. What was
/// started so may take no notice of TERM, so it gets KILL two seconds later, by a process that holds nothing open which the
/// script may have made of its output.
///
/// A shell learns by `jobs` that a job has ended; until then `kill` still finds its process id. zsh has 0 for no job.
///
/// Where nobody takes a line out of the output it tells nothing.
///
/// A script that sets a trap of its own for `EXIT` does without: what it leaves is ended by the watchdog, and not told.
pub(crate) fn at_exit(watchdog: Option<&str>, there: Option<&There>) -> String {
    let watchdog = watchdog.map_or_else(String::new, |pid| {
        format!("kill -s ALRM '{pid}' 2>/dev/null; ")
    });
    format!(
        "trap '{{ set +ex; }} 2>/dev/null; trap \"\" TERM; {watchdog}case ${{!-}} in \"\"|0) ;; \
         *) jobs >/dev/null 2>&1; kill -s 0 \"$!\" 2>/dev/null && {tell}; \
         {{ sleep 2; kill -s KILL 0; }} </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- & ;; esac; kill -s TERM 0' EXIT; ",
        tell = there.map_or_else(
            || ":".to_owned(),
            |there| format!("echo \"{}\" >&2", there.line.trim_end())
        ),
    )
}

/// A stream without the line by which it tells. It holds back only what may be the beginning of it.
pub(crate) struct WithoutLeft<R> {
    inner: R,
    there: Arc<There>,
    /// What has come and not been handed on.
    held: Vec<u8>,
    has_ended: bool,
}

impl<R: AsyncRead + Unpin> WithoutLeft<R> {
    pub(crate) fn new(inner: R, there: Arc<There>) -> Self {
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
            return self.held.len();
        }
        let line = self.there.line.as_bytes();
        let begun = (1..=line.len().min(self.held.len()))
            .rev()
            .find(|count| self.held.ends_with(&line[..*count]));
        self.held.len() - begun.unwrap_or(0)
    }

    /// Reads straight into the buffer, unless there is something of the line in it.
    fn poll_past(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(context, buffer))?;
        let came = &buffer.filled()[before..];
        self.has_ended = came.is_empty();
        if came.contains(&self.there.line.as_bytes()[0]) {
            self.held.extend_from_slice(came);
            buffer.set_filled(before);
            self.strip();
        }
        Poll::Ready(Ok(()))
    }

    /// Reads on after what is held.
    fn poll_more(&mut self, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        let mut space = [0; 4096];
        let mut more = ReadBuf::new(&mut space);
        ready!(Pin::new(&mut self.inner).poll_read(context, &mut more))?;
        self.held.extend_from_slice(more.filled());
        self.has_ended = more.filled().is_empty();
        self.strip();
        Poll::Ready(Ok(()))
    }

    /// Takes the line out of what is held. It may come twice: a child that bash has just made still does what its parent
    /// does at the end.
    fn strip(&mut self) {
        let line = self.there.line.as_bytes();
        let find = |held: &[u8]| held.windows(line.len()).position(|part| part == line);
        while let Some(at) = find(&self.held) {
            self.held.drain(at..at + line.len());
            self.there.set_left_behind();
        }
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

#[cfg(test)]
mod tests {
    use std::process::Stdio;
    use std::time::Duration;

    use tokio::io::AsyncReadExt;
    use tokio::process::Command;

    use super::super::watchdog::watchdog;
    use super::*;
    use crate::transport::chunked_stream::Chunks;

    /// What comes of a text in pieces of this size, where `LINE` stands for the line, and whether it was there.
    async fn read(text: &str, size: usize) -> (String, bool) {
        let there = Arc::new(There::new());
        let text = text.replace("LINE", &there.line);
        let mut stream = WithoutLeft::new(Chunks::new(text.as_bytes(), size), there.clone());
        let mut out = String::new();
        stream.read_to_string(&mut out).await.unwrap();
        (out, there.left_behind())
    }

    #[tokio::test]
    async fn the_line_is_taken_out() {
        for size in [1, 2, 7, 60, 100, 4096] {
            for said in [
                "",
                "careful\n",
                "no line break",
                "[plo",
                "[ploy 1] told\n",
                "[[",
            ] {
                for (before, after) in [("", ""), ("[", ""), ("", "stopping\n"), ("LINE", "[LINE")]
                {
                    let text = format!("{before}{said}LINE{after}");
                    let expected = (text.replace("LINE", ""), true);
                    assert_eq!(read(&text, size).await, expected, "{size} {text}");
                }
                assert_eq!(read(said, size).await, (said.to_owned(), false), "{size}");
            }
        }
    }

    /// What a command over ssh says, how it ends, and whether it left anything.
    async fn run(shell: &[&str], watched: bool, script: &str) -> (String, Option<i32>, bool) {
        let (give, stdin) = tokio::sync::oneshot::channel();
        let there = Arc::new(There::new());
        let (registration, begin) = watchdog(async { stdin.await.ok() }, &there);
        let begin = if watched {
            begin
        } else {
            at_exit(None, Some(&there))
        };
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
            // The last one has ended, and another has not.
            ("(trap '' TERM; sleep 300) & true & wait $!", 0, false),
            ("set -e; exec 2>&-; sleep 300 & exit 3", 3, false),
            ("exec 3>&1 4>&2; sleep 0 & wait", 0, false),
        ];
        for shell in [&["dash"][..], &["bash"], &["busybox", "sh"], &["zsh"]] {
            for watched in [true, false] {
                for (script, code, left) in cases {
                    // What is stubborn is beyond zsh.
                    if shell == ["zsh"] && script.contains("trap") {
                        continue;
                    }
                    let expected = (String::new(), Some(code), left);
                    let found = run(shell, watched, script).await;
                    assert_eq!(found, expected, "{shell:?} {watched} {script}");
                }
            }
        }
    }

    /// With `set -x` a shell tells all that it does, but nothing of ours.
    #[tokio::test]
    async fn what_a_shell_traces_ends_with_the_script() {
        for shell in [&["dash"][..], &["bash"], &["busybox", "sh"]] {
            for watched in [true, false] {
                let script = "set -x; sleep 300 & sleep 0.3; exit 3";
                let (said, code, left) = run(shell, watched, script).await;
                // busybox may mix the lines of parent and child.
                for words in ["trap", "kill", "jobs", "case", "set +", "ploy"] {
                    assert!(!said.contains(words), "{shell:?}: {said}");
                }
                assert!(said.contains("sleep 300"), "{shell:?}: {said}");
                assert_eq!((code, left), (Some(3), true));
            }
        }
    }
}
