//! Passes the output of a command on to its targets.

use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;

use super::command_log::CommandLog;
use super::io_error::{CommandIoError, IoOperation};
use super::sink::{Sink, close_sink};
use super::tail_buffer::TailBuffer;
use crate::event::{CommandId, Stream};
use crate::secret::StreamMask;
use crate::shell::characters::{Characters, pieces};
use crate::shell::emitter::Emitter;
use crate::shell::silence_monitor::SilenceMonitor;

/// The capacity of the first buffer: most commands write next to nothing.
const FIRST_CHUNK: usize = 1024;

/// How much is read at a time at most: 64 KiB.
const MAX_CHUNK: usize = 64 * 1024;

/// How long output may be waited for, all in all, after a command has ended: a process that left
/// its group on purpose may hold the stream open.
const DRAIN_TIME: Duration = Duration::from_secs(2);

/// How much may still come out then: more than a pipe holds.
const DRAIN_BYTES: usize = 1024 * 1024;

/// When a command ended, once it has.
pub(super) type EndTime = tokio::sync::watch::Receiver<Option<Instant>>;

/// A piece of output for the reader of a command's lines.
pub(crate) struct OutputChunk {
    pub(crate) stream: Stream,
    pub(crate) bytes: Vec<u8>,
}

/// Passes one stream of a command on.
pub(super) struct StreamForwarder<'a> {
    pub(super) stream: Stream,
    pub(super) command: CommandId,
    pub(super) emitter: &'a dyn Emitter,
    pub(super) target: OutputTarget,
    pub(super) log: Option<&'a CommandLog>,
    /// The reader of the command's lines, if there is one.
    pub(super) lines: Option<mpsc::Sender<OutputChunk>>,
    pub(super) silence: &'a SilenceMonitor,
    pub(super) errors: mpsc::UnboundedSender<CommandIoError>,
    /// Keeps secrets out of what is shown.
    pub(super) mask: StreamMask,
    /// Keeps characters whole in what is shown.
    pub(super) characters: Characters,
}

/// Where a stream goes.
pub(super) enum OutputTarget {
    /// It is shown.
    View,
    /// It is written, and not shown.
    Writer(Sink),
    /// The writer has failed: the rest is only captured.
    Discarded,
}

impl From<Option<Sink>> for OutputTarget {
    fn from(sink: Option<Sink>) -> Self {
        sink.map_or(OutputTarget::View, OutputTarget::Writer)
    }
}

impl StreamForwarder<'_> {
    /// Reads a stream to its end, captures it and passes it on. Each chunk waits until the one
    /// before it was taken.
    pub(super) async fn forward(
        mut self,
        from: impl AsyncRead + Unpin,
        captured: &mut TailBuffer,
        ended: &EndTime,
    ) {
        self.read(from, captured, ended).await;
        let rest = self.mask.finish();
        self.show(rest).await;
        let rest = self.characters.finish();
        self.emit(rest).await;
        if let OutputTarget::Writer(mut writer) = self.target
            && let Err(error) = close_sink(&mut writer).await
        {
            let _ = self.errors.send(write_to(self.stream).failed(error));
        }
    }

    async fn read(
        &mut self,
        mut from: impl AsyncRead + Unpin,
        captured: &mut TailBuffer,
        ended: &EndTime,
    ) {
        let mut buffer = Vec::with_capacity(FIRST_CHUNK);
        let (mut time_left, mut bytes_left) = (DRAIN_TIME, DRAIN_BYTES);
        loop {
            buffer.clear();
            let begin = Instant::now();
            let read = tokio::select! {
                biased;
                read = from.read_buf(&mut buffer) => read,
                () = sleep_after_end(ended, time_left) => return,
            };
            let Ok(count @ 1..) = read else { return };
            if let Some(end) = *ended.borrow() {
                // Only the time in which nothing came counts, not the time in which it was not
                // taken.
                time_left = time_left.saturating_sub(end.max(begin).elapsed());
                bytes_left = bytes_left.saturating_sub(count);
            }
            captured.push(&buffer);
            let is_full = count == buffer.capacity();
            let capacity = if is_full {
                (buffer.capacity() * 4).min(MAX_CHUNK)
            } else {
                buffer.capacity()
            };
            let next = Vec::with_capacity(capacity);
            self.silence.pause();
            self.deliver(std::mem::replace(&mut buffer, next)).await;
            self.silence.resume();
            if bytes_left == 0 {
                return;
            }
        }
    }

    async fn deliver(&mut self, bytes: Vec<u8>) {
        if let Some(lines) = &self.lines {
            let (stream, bytes) = (self.stream, bytes.clone());
            // Fails if the reader is gone: the command is being dropped then.
            let _ = lines.send(OutputChunk { stream, bytes }).await;
        }
        match &mut self.target {
            OutputTarget::Discarded => {}
            OutputTarget::Writer(writer) => {
                if let Err(error) = writer.write_all(&bytes).await {
                    self.target = OutputTarget::Discarded;
                    let _ = self.errors.send(write_to(self.stream).failed(error));
                }
            }
            OutputTarget::View => {
                let masked = self.mask.push(bytes);
                self.show(masked).await;
            }
        }
    }

    async fn show(&mut self, bytes: Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        if let Some(log) = self.log
            && let Err(error) = log.output(self.stream, &bytes).await
        {
            self.log = None;
            let _ = self.errors.send(IoOperation::WriteLog.failed(error));
        }
        let whole = self.characters.push(bytes);
        self.emit(whole).await;
    }

    async fn emit(&mut self, bytes: Vec<u8>) {
        // With the masks of secrets and what was held back it may be more than was read at a time.
        for piece in pieces(bytes, MAX_CHUNK) {
            self.emitter.output(self.command, self.stream, piece).await;
        }
    }
}

fn write_to(stream: Stream) -> IoOperation {
    match stream {
        Stream::Stdout => IoOperation::WriteStdout,
        Stream::Stderr => IoOperation::WriteStderr,
    }
}

async fn sleep_after_end(ended: &EndTime, time: Duration) {
    if ended.clone().wait_for(Option::is_some).await.is_ok() {
        tokio::time::sleep(time).await;
    }
}
