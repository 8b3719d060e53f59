use std::borrow::Cow;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;

use crate::error::{Failure, Kind};
use crate::event::Stream;
use crate::shell::Output;
use crate::shell::Run;
use crate::shell::running::Chunk;
use crate::shell::running::Splitter;

/// The longest line that is handed out as one, unless told otherwise: 64 KiB.
const LONGEST: usize = 64 * 1024;

/// What a command puts out, line by line: what [`Run::lines`] gives.
///
/// The command starts with the first line that is asked for. It goes on by itself as long as its lines are read:
/// what is not read slows it, and takes no memory. Its time-out and the run's cancel hold meanwhile. Dropped before the
/// end, it ends the command.
///
/// After the last line comes an error if the command failed, then nothing more.
#[must_use = "a command that is read line by line runs when a line is asked for"]
pub struct Lines {
    state: State,
    stdout: Splitter,
    stderr: Splitter,
    longest: usize,
}

enum State {
    /// Not started yet.
    New(Option<Box<Run>>),
    Running {
        chunks: mpsc::Receiver<Chunk>,
        /// Whether all chunks have come.
        drained: bool,
        end: oneshot::Receiver<Result<Output, Failure>>,
        /// Ends it when this is dropped.
        _task: Task,
    },
    /// What came of it, unless that was told as the last item.
    Ended(Option<Output>),
}

/// A line that a command put out.
#[derive(Clone, PartialEq, Eq)]
pub struct Line {
    stream: Stream,
    bytes: Vec<u8>,
    is_partial: bool,
}

impl Line {
    /// Where it came out.
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

    /// Whether it is only a part of a line that is too long to be held: more of it follows in the next line of the
    /// same stream.
    pub fn is_partial(&self) -> bool {
        self.is_partial
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let more = if self.is_partial { ".." } else { "" };
        write!(f, "{:?} {:?}{more}", self.stream, self.text())
    }
}

impl Lines {
    pub(crate) fn new(run: Run) -> Self {
        Lines {
            state: State::New(Some(Box::new(run))),
            stdout: Splitter::new(),
            stderr: Splitter::new(),
            longest: LONGEST,
        }
    }

    /// How many bytes a line may have at most, 64 KiB unless set: a longer one comes in parts, each of which but the
    /// last [says so](Line::is_partial).
    pub fn longest(mut self, bytes: usize) -> Self {
        self.longest = bytes.max(1);
        self
    }

    /// The next line; after the last one the error of a command that failed, once; then `None`.
    pub async fn next(&mut self) -> Option<Result<Line, Failure>> {
        poll_fn(|context| self.poll_line(context)).await
    }

    /// Reads on to the end, and gives what came of the command.
    ///
    /// # Errors
    ///
    /// The command's failure, as [`Shell::run`](crate::shell::Shell::run) has it. If that came out as the last item already, a
    /// failure of kind [`Kind::Other`] that says so.
    pub async fn finish(mut self) -> Result<Output, Failure> {
        while let Some(line) = self.next().await {
            line?;
        }
        let State::Ended(output) = &mut self.state else {
            return Err(told_already());
        };
        output.take().ok_or_else(told_already)
    }

    fn poll_line(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Line, Failure>>> {
        loop {
            if let Some(line) = self.held() {
                return Poll::Ready(Some(Ok(line)));
            }
            match &mut self.state {
                State::Ended(_) => return Poll::Ready(None),
                State::New(run) => {
                    self.state = run.take().map_or(State::Ended(None), |run| begin(*run));
                }
                State::Running {
                    chunks,
                    drained: drained @ false,
                    ..
                } => match ready!(chunks.poll_recv(context)) {
                    Some((Stream::Stdout, bytes)) => self.stdout.push(&bytes),
                    Some((Stream::Stderr, bytes)) => self.stderr.push(&bytes),
                    None => *drained = true,
                },
                State::Running { end, .. } => {
                    let end = ready!(Pin::new(end).poll(context));
                    // It tells its end unless the runtime itself is ended.
                    let end = end.unwrap_or_else(|_| Err(gone()));
                    match end {
                        Ok(output) => self.state = State::Ended(Some(output)),
                        Err(failure) => {
                            self.state = State::Ended(None);
                            return Poll::Ready(Some(Err(failure)));
                        }
                    }
                }
            }
        }
    }

    /// A line of what has come.
    fn held(&mut self) -> Option<Line> {
        let all = matches!(&self.state, State::Running { drained: true, .. });
        for (stream, splitter) in [
            (Stream::Stdout, &mut self.stdout),
            (Stream::Stderr, &mut self.stderr),
        ] {
            if let Some((bytes, is_partial)) = splitter.next(self.longest) {
                return Some(Line {
                    stream,
                    bytes: bytes.to_vec(),
                    is_partial,
                });
            }
            if all && let Some(bytes) = splitter.rest() {
                return Some(Line {
                    stream,
                    bytes: bytes.to_vec(),
                    is_partial: false,
                });
            }
        }
        None
    }
}

impl futures_core::Stream for Lines {
    type Item = Result<Line, Failure>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_line(context)
    }
}

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.state {
            State::New(_) => "Lines(not begun)",
            State::Running { .. } => "Lines(running)",
            State::Ended(_) => "Lines(ended)",
        })
    }
}

fn begin(run: Run) -> State {
    // One chunk is on its way, one in the hands of each stream: what is not read stays with the command.
    let (send, chunks) = mpsc::channel(1);
    let (tell, end) = oneshot::channel();
    let task = Task::spawn(async move {
        let result = run.execute(Some(send)).await;
        let _ = tell.send(result);
    });
    State::Running {
        chunks,
        drained: false,
        end,
        _task: task,
    }
}

/// A future that goes on by itself, and ends at once when this is dropped: also what its own drop does has been done
/// then, as if it were polled by whoever has this.
struct Task {
    future: Shared,
    abort: AbortHandle,
}

type Shared = Arc<Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>>;

impl Task {
    fn spawn(future: impl Future<Output = ()> + Send + 'static) -> Self {
        let future: Shared = Arc::new(Mutex::new(Some(Box::pin(future))));
        let abort = tokio::spawn(Driver(future.clone())).abort_handle();
        Task { future, abort }
    }
}

impl Drop for Task {
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

struct Driver(Shared);

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

fn told_already() -> Failure {
    Failure::new(
        Kind::Other,
        "the command failed",
        "its failure came out as the last of its lines",
    )
}

fn gone() -> Failure {
    Failure::new(
        Kind::Other,
        "a command was given up",
        "the runtime that it ran on is ending",
    )
}
