//! Reads the output of a command line by line while it runs.

use std::borrow::Cow;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;

use super::pending_command::PendingCommand;
use crate::error::{Failure, Kind};
use crate::event::Stream;
use crate::shell::output::Output;
use crate::shell::running::{LineSplitter, OutputChunk};

/// The longest line that is handed out as one, unless told otherwise: 64 KiB.
const MAX_LINE: usize = 64 * 1024;

/// The output of a command, line by line: what [`PendingCommand::lines`] returns.
///
/// The command starts when the first line is asked for. It then runs by itself as long as its lines
/// are read: output that is not read slows it, and takes no memory. Its time-out and the run's
/// cancel apply meanwhile. Dropping this before the end ends the command.
///
/// After the last line comes an error if the command failed, then nothing more.
#[must_use = "a command that is read line by line runs when a line is asked for"]
pub struct OutputLines {
    state: LinesState,
    stdout: LineSplitter,
    stderr: LineSplitter,
    longest: usize,
}

enum LinesState {
    /// Not started yet.
    New(Option<Box<PendingCommand>>),
    Running {
        chunks: mpsc::Receiver<OutputChunk>,
        /// Whether all chunks have come.
        is_drained: bool,
        end: oneshot::Receiver<Result<Output, Failure>>,
        /// Cancels it when this is dropped.
        _task: CancelOnDrop,
    },
    /// The result, unless it was returned as the last item.
    Ended(Option<Output>),
}

/// A line of a command's output.
#[derive(Clone, PartialEq, Eq)]
pub struct OutputLine {
    stream: Stream,
    bytes: Vec<u8>,
    is_partial: bool,
}

impl OutputLine {
    /// The stream that it was written to.
    pub fn stream(&self) -> Stream {
        self.stream
    }

    /// Its bytes, without the `\n` at its end.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its bytes.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The line as text, without a `\r` at its end. Broken UTF-8 is replaced.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.bytes.strip_suffix(b"\r").unwrap_or(&self.bytes))
    }

    /// Whether it is only a part of a line that is too long to be held: more of it follows in the
    /// next line of the same stream.
    pub fn is_partial(&self) -> bool {
        self.is_partial
    }
}

impl fmt::Debug for OutputLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let more = if self.is_partial { ".." } else { "" };
        write!(f, "{:?} {:?}{more}", self.stream, self.text())
    }
}

impl PendingCommand {
    /// Runs the command, and returns its output line by line, as it comes: a
    /// [`Stream`](futures_core::Stream).
    ///
    /// It is shown as any other command is.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), ploy::Error> {
    /// use ploy::{Script, Shell};
    ///
    /// let mut lines = Shell::local().run(Script::raw("seq 3; echo done >&2")).lines();
    /// let mut sum = 0;
    /// while let Some(line) = lines.next().await {
    ///     let line = line?;
    ///     sum += line.text().parse::<u32>().unwrap_or(0);
    /// }
    /// assert_eq!(sum, 6);
    /// assert!(lines.finish().await?.success());
    /// # Ok(())
    /// # }
    /// ```
    pub fn lines(self) -> OutputLines {
        OutputLines::new(self)
    }
}

impl OutputLines {
    pub(crate) fn new(run: PendingCommand) -> Self {
        OutputLines {
            state: LinesState::New(Some(Box::new(run))),
            stdout: LineSplitter::new(),
            stderr: LineSplitter::new(),
            longest: MAX_LINE,
        }
    }

    /// How many bytes a line may have at most, 64 KiB unless set: a longer one comes in parts, each
    /// of which but the last [says so](OutputLine::is_partial).
    pub fn longest(mut self, bytes: usize) -> Self {
        self.longest = bytes.max(1);
        self
    }

    /// The next line; after the last one the error of a command that failed, once; then `None`.
    pub async fn next(&mut self) -> Option<Result<OutputLine, Failure>> {
        poll_fn(|context| self.poll_line(context)).await
    }

    /// Reads on to the end, and returns the result of the command.
    ///
    /// # Errors
    ///
    /// The command's failure, as [`Shell::run`](crate::shell::Shell::run) has it. If that was
    /// returned as the last item already, a failure of kind [`Kind::Other`] that says so.
    pub async fn finish(mut self) -> Result<Output, Failure> {
        while let Some(line) = self.next().await {
            line?;
        }
        let LinesState::Ended(output) = &mut self.state else {
            return Err(already_returned());
        };
        output.take().ok_or_else(already_returned)
    }

    fn poll_line(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<OutputLine, Failure>>> {
        loop {
            if let Some(line) = self.next_line() {
                return Poll::Ready(Some(Ok(line)));
            }
            match &mut self.state {
                LinesState::Ended(_) => return Poll::Ready(None),
                LinesState::New(run) => {
                    self.state = run
                        .take()
                        .map_or(LinesState::Ended(None), |run| begin(*run));
                }
                LinesState::Running {
                    chunks,
                    is_drained: is_drained @ false,
                    ..
                } => match ready!(chunks.poll_recv(context)) {
                    Some(OutputChunk { stream, bytes }) => match stream {
                        Stream::Stdout => self.stdout.push(&bytes),
                        Stream::Stderr => self.stderr.push(&bytes),
                    },
                    None => *is_drained = true,
                },
                LinesState::Running { end, .. } => {
                    let end = ready!(Pin::new(end).poll(context));
                    // It sends its end unless the runtime itself is shut down.
                    let end = end.unwrap_or_else(|_| Err(runtime_ended()));
                    match end {
                        Ok(output) => self.state = LinesState::Ended(Some(output)),
                        Err(failure) => {
                            self.state = LinesState::Ended(None);
                            return Poll::Ready(Some(Err(failure)));
                        }
                    }
                }
            }
        }
    }

    /// Returns a line of the output that has come.
    fn next_line(&mut self) -> Option<OutputLine> {
        let is_drained = matches!(
            &self.state,
            LinesState::Running {
                is_drained: true,
                ..
            }
        );
        for (stream, splitter) in [
            (Stream::Stdout, &mut self.stdout),
            (Stream::Stderr, &mut self.stderr),
        ] {
            if let Some((bytes, is_partial)) = splitter.next(self.longest) {
                return Some(OutputLine {
                    stream,
                    bytes: bytes.to_vec(),
                    is_partial,
                });
            }
            if is_drained && let Some(bytes) = splitter.rest() {
                return Some(OutputLine {
                    stream,
                    bytes: bytes.to_vec(),
                    is_partial: false,
                });
            }
        }
        None
    }
}

impl futures_core::Stream for OutputLines {
    type Item = Result<OutputLine, Failure>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_line(context)
    }
}

impl fmt::Debug for OutputLines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.state {
            LinesState::New(_) => "Lines(not begun)",
            LinesState::Running { .. } => "Lines(running)",
            LinesState::Ended(_) => "Lines(ended)",
        })
    }
}

fn begin(run: PendingCommand) -> LinesState {
    // One chunk waits, and one is in the hands of each stream; what is not read stays with the
    // command.
    let (send_chunk, chunks) = mpsc::channel(1);
    let (send_end, end) = oneshot::channel();
    let task = CancelOnDrop::spawn(async move {
        let result = run.execute(Some(send_chunk)).await;
        let _ = send_end.send(result);
    });
    LinesState::Running {
        chunks,
        is_drained: false,
        end,
        _task: task,
    }
}

/// A future that runs by itself, and is cancelled when this is dropped. The drop returns only when
/// the future itself was dropped, as if the owner of this had polled it.
struct CancelOnDrop {
    future: SharedFuture,
    abort: AbortHandle,
}

type SharedFuture = Arc<Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>>;

impl CancelOnDrop {
    fn spawn(future: impl Future<Output = ()> + Send + 'static) -> Self {
        let future: SharedFuture = Arc::new(Mutex::new(Some(Box::pin(future))));
        let abort = tokio::spawn(Driver(future.clone())).abort_handle();
        CancelOnDrop { future, abort }
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        let future = self
            .future
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        drop(future);
        self.abort.abort();
    }
}

/// Polls a shared future.
struct Driver(SharedFuture);

impl Future for Driver {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(future) = slot.as_mut() {
            ready!(future.as_mut().poll(context));
            *slot = None;
        }
        Poll::Ready(())
    }
}

fn already_returned() -> Failure {
    Failure::new(
        Kind::Other,
        "the command failed",
        "its failure came out as the last of its lines",
    )
}

fn runtime_ended() -> Failure {
    Failure::new(
        Kind::Other,
        "a command was given up",
        "the runtime that it ran on is ending",
    )
}
