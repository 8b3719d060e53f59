//! What a command over ssh leaves running in the background when it ends: it is ended too, and
//! reported.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};

use super::remote_state::RemoteState;
use crate::transport::held_bytes::hand_on;

/// What a command's shell does at its end. It ends its watchdog, and what is left of its group,
/// which could otherwise hold the output open for ever. The last background job tells whether
/// anything was left. Leftovers may ignore TERM, so they get KILL two seconds later, from a process
/// that keeps none of the descriptors open which the script may have made of its output.
///
/// A shell notices by `jobs` that a job has ended; before that `kill` still finds its process id.
/// zsh has 0 for no job. Without a `remote` state nobody would take the notice out of the output,
/// so none is printed.
///
/// A script that sets an `EXIT` trap of its own replaces this one: the watchdog ends what it
/// leaves, and nothing is reported.
pub(crate) fn exit_trap(watchdog: Option<&str>, remote: Option<&RemoteState>) -> String {
    let watchdog = watchdog.map_or_else(String::new, |pid| {
        format!("kill -s ALRM '{pid}' 2>/dev/null; ")
    });
    format!(
        "trap '{{ set +ex; }} 2>/dev/null; trap \"\" TERM; {watchdog}case ${{!-}} in \"\"|0) ;; \
         *) jobs >/dev/null 2>&1; kill -s 0 \"$!\" 2>/dev/null && {tell}; \
         {{ sleep 2; kill -s KILL 0; }} </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- & ;; esac; kill -s TERM 0' EXIT; ",
        tell = remote.map_or_else(
            || ":".to_owned(),
            |remote| format!("echo \"{}\" >&2", remote.leftover_notice.trim_end())
        ),
    )
}

/// A stream without the notice about leftovers. It holds back only what may be the beginning of
/// one.
pub(crate) struct WithoutLeftoverNotice<R> {
    inner: R,
    remote: Arc<RemoteState>,
    /// What was read and not handed on.
    held: Vec<u8>,
    has_ended: bool,
}

impl<R: AsyncRead + Unpin> WithoutLeftoverNotice<R> {
    pub(crate) fn new(inner: R, remote: Arc<RemoteState>) -> Self {
        WithoutLeftoverNotice {
            inner,
            remote,
            held: Vec::new(),
            has_ended: false,
        }
    }

    /// How much of the held bytes can be handed on: all that cannot begin a notice.
    fn releasable(&self) -> usize {
        if self.has_ended {
            return self.held.len();
        }
        let line = self.remote.leftover_notice.as_bytes();
        let begun = (1..=line.len().min(self.held.len()))
            .rev()
            .find(|count| self.held.ends_with(&line[..*count]));
        self.held.len() - begun.unwrap_or(0)
    }

    /// Reads straight into the buffer, unless a notice may begin in what comes.
    fn poll_direct(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(context, buffer))?;
        let read = &buffer.filled()[before..];
        self.has_ended = read.is_empty();
        if read.contains(&self.remote.leftover_notice.as_bytes()[0]) {
            self.held.extend_from_slice(read);
            buffer.set_filled(before);
            self.strip();
        }
        Poll::Ready(Ok(()))
    }

    /// Reads more behind the held bytes.
    fn poll_held(&mut self, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        let mut space = [0; 4096];
        let mut more = ReadBuf::new(&mut space);
        ready!(Pin::new(&mut self.inner).poll_read(context, &mut more))?;
        self.held.extend_from_slice(more.filled());
        self.has_ended = more.filled().is_empty();
        self.strip();
        Poll::Ready(Ok(()))
    }

    /// Takes notices out of the held bytes. There may be two: a child that bash has just forked
    /// runs its parent's trap too.
    fn strip(&mut self) {
        let line = self.remote.leftover_notice.as_bytes();
        let find = |held: &[u8]| held.windows(line.len()).position(|part| part == line);
        while let Some(at) = find(&self.held) {
            self.held.drain(at..at + line.len());
            self.remote.set_has_leftovers();
        }
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for WithoutLeftoverNotice<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let this = &mut *self;
        let before = buffer.filled().len();
        while buffer.filled().len() == before && buffer.remaining() > 0 {
            let releasable = this.releasable();
            if hand_on(&mut this.held, releasable, buffer) > 0 {
                continue;
            }
            if this.has_ended {
                break;
            } else if this.held.is_empty() {
                ready!(this.poll_direct(context, buffer))?;
            } else {
                ready!(this.poll_held(context))?;
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
    use crate::transport::chunked_stream::ChunkedStream;

    /// What is left of a text that comes in pieces of this size, and whether there was a notice in
    /// it. `LINE` stands for the notice.
    async fn read(text: &str, size: usize) -> (String, bool) {
        let remote = Arc::new(RemoteState::new());
        let text = text.replace("LINE", &remote.leftover_notice);
        let mut stream =
            WithoutLeftoverNotice::new(ChunkedStream::new(text.as_bytes(), size), remote.clone());
        let mut out = String::new();
        stream.read_to_string(&mut out).await.unwrap();
        (out, remote.has_leftovers())
    }

    #[tokio::test]
    async fn the_notice_is_taken_out_however_it_is_split() {
        for size in [1, 2, 7, 60, 100, 4096] {
            for printed in [
                "",
                "careful\n",
                "no line break",
                "[plo",
                "[ploy 1] told\n",
                "[[",
            ] {
                for (before, after) in [("", ""), ("[", ""), ("", "stopping\n"), ("LINE", "[LINE")]
                {
                    let text = format!("{before}{printed}LINE{after}");
                    let expected = (text.replace("LINE", ""), true);
                    assert_eq!(read(&text, size).await, expected, "{size} {text}");
                }
                assert_eq!(
                    read(printed, size).await,
                    (printed.to_owned(), false),
                    "{size}"
                );
            }
        }
    }

    /// What a command over ssh prints, how it ends, and whether it left anything.
    async fn run(shell: &[&str], has_watchdog: bool, script: &str) -> (String, Option<i32>, bool) {
        let (give, stdin) = tokio::sync::oneshot::channel();
        let remote = Arc::new(RemoteState::new());
        let (registration, begin) = watchdog(async { stdin.await.ok() }, &remote);
        let begin = if has_watchdog {
            begin
        } else {
            exit_trap(None, Some(&remote))
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
        let mut stderr = WithoutLeftoverNotice::new(child.stderr.take().unwrap(), remote.clone());
        let mut printed = String::new();
        let patience = Duration::from_secs(30);
        let read = tokio::time::timeout(patience, stderr.read_to_string(&mut printed));
        assert!(read.await.is_ok(), "{shell:?} is held open by `{script}`");
        let mut stdout = WithoutLeftoverNotice::new(child.stdout.take().unwrap(), remote.clone());
        stdout.read_to_string(&mut printed).await.unwrap();
        let code = child.wait().await.unwrap().code();
        drop(registration);
        (printed, code, remote.has_leftovers())
    }

    #[tokio::test]
    async fn leftovers_are_reported_in_every_shell() {
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
            // The last job has ended, and another has not.
            ("(trap '' TERM; sleep 300) & true & wait $!", 0, false),
            ("set -e; exec 2>&-; sleep 300 & exit 3", 3, false),
            ("exec 3>&1 4>&2; sleep 0 & wait", 0, false),
        ];
        for shell in [&["dash"][..], &["bash"], &["busybox", "sh"], &["zsh"]] {
            for has_watchdog in [true, false] {
                for (script, code, left) in cases {
                    // zsh cannot end what ignores TERM.
                    if shell == ["zsh"] && script.contains("trap") {
                        continue;
                    }
                    let expected = (String::new(), Some(code), left);
                    let found = run(shell, has_watchdog, script).await;
                    assert_eq!(found, expected, "{shell:?} {has_watchdog} {script}");
                }
            }
        }
    }

    /// With `set -x` a shell prints all that it runs, but nothing of ours may be in it.
    #[tokio::test]
    async fn the_exit_trap_is_not_traced() {
        for shell in [&["dash"][..], &["bash"], &["busybox", "sh"]] {
            for has_watchdog in [true, false] {
                let script = "set -x; sleep 300 & sleep 0.3; exit 3";
                let (printed, code, left) = run(shell, has_watchdog, script).await;
                // Parent and child may mix the lines that they trace at the same time, so the last
                // one says that there was a trace: the child is done by then.
                for words in ["trap", "kill", "jobs", "case", "set +", "ploy"] {
                    assert!(!printed.contains(words), "{shell:?}: {printed}");
                }
                assert!(printed.contains("exit 3"), "{shell:?}: {printed}");
                assert_eq!((code, left), (Some(3), true));
            }
        }
    }
}
