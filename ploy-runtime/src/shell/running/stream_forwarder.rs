//! Output on its way from a command to whoever takes it.

use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;

use super::command_log::Log;
use super::sink::Sink;
use super::sink::close;
use super::tail_buffer::Capture;
use crate::event::Stream;
use crate::secret::Mask;
use crate::shell::Emitter;
use crate::shell::characters::Characters;
use crate::shell::characters::pieces;
use crate::shell::silence_monitor::Silence;

/// How much is read at a time at most: 64 KiB.
const CHUNK: usize = 64 * 1024;

/// How long may be waited, all in all, for output after a command has ended: something that left its group on purpose
/// may hold it open.
const DRAIN: Duration = Duration::from_secs(2);

/// How much may still come out then: more than a pipe holds.
const DRAIN_BYTES: usize = 1024 * 1024;

/// When a command ended, once it has.
pub(crate) type Ended = tokio::sync::watch::Receiver<Option<Instant>>;

/// A piece of output on its way to who reads it line by line.
pub(crate) type Chunk = (Stream, Vec<u8>);

/// Why a command cannot go on: what of it cannot be done here, and why.
pub(crate) type Trouble = (&'static str, std::io::Error);

/// The way of one stream's output.
pub(crate) struct Passage<'a> {
    pub(crate) stream: Stream,
    pub(crate) command: u32,
    pub(crate) emitter: &'a dyn Emitter,
    pub(crate) outlet: Outlet,
    pub(crate) log: Option<&'a Log>,
    /// Who reads the command line by line, if somebody does.
    pub(crate) lines: Option<mpsc::Sender<Chunk>>,
    pub(crate) silence: &'a Silence,
    pub(crate) troubles: mpsc::UnboundedSender<Trouble>,
    /// Keeps secrets out of what is shown.
    pub(crate) mask: Mask,
    /// Keeps characters whole in what is shown.
    pub(crate) characters: Characters,
}

/// Where a stream goes.
pub(crate) enum Outlet {
    /// It is shown.
    View,
    Writer(Sink),
    /// The writer has failed: the rest is captured only.
    Nowhere,
}

impl From<Option<Sink>> for Outlet {
    fn from(sink: Option<Sink>) -> Self {
        sink.map_or(Outlet::View, Outlet::Writer)
    }
}

impl Passage<'_> {
    /// Reads a stream to its end: captures it and passes it on, chunk by chunk, each when the one before was taken.
    pub(crate) async fn pass_on(
        mut self,
        from: impl AsyncRead + Unpin,
        capture: &mut Capture,
        ended: &Ended,
    ) {
        self.read(from, capture, ended).await;
        let rest = self.mask.finish();
        self.show(rest).await;
        let rest = self.characters.finish();
        self.tell(rest).await;
        if let Outlet::Writer(mut writer) = self.outlet
            && let Err(error) = close(&mut writer).await
        {
            let _ = self.troubles.send((name(self.stream), error));
        }
    }

    async fn read(
        &mut self,
        mut from: impl AsyncRead + Unpin,
        capture: &mut Capture,
        ended: &Ended,
    ) {
        // Grows to 64 KiB for a command that puts out much; most put out next to nothing.
        let mut buffer = Vec::with_capacity(1024);
        let (mut patience, mut rest) = (DRAIN, DRAIN_BYTES);
        loop {
            buffer.clear();
            let begin = Instant::now();
            let read = tokio::select! {
                biased;
                read = from.read_buf(&mut buffer) => read,
                () = silence_after(ended, patience) => return,
            };
            let Ok(count @ 1..) = read else { return };
            if let Some(end) = *ended.borrow() {
                // Only the time counts in which nothing came, not the time in which it could not be taken.
                patience = patience.saturating_sub(end.max(begin).elapsed());
                rest = rest.saturating_sub(count);
            }
            capture.push(&buffer);
            let full = count == buffer.capacity();
            let capacity = if full {
                (buffer.capacity() * 4).min(CHUNK)
            } else {
                buffer.capacity()
            };
            self.silence.break_off();
            self.deliver(std::mem::replace(&mut buffer, Vec::with_capacity(capacity)))
                .await;
            self.silence.begin();
            if rest == 0 {
                return;
            }
        }
    }

    async fn deliver(&mut self, bytes: Vec<u8>) {
        if let Some(lines) = &self.lines {
            // Who has stopped reading has dropped the command.
            let _ = lines.send((self.stream, bytes.clone())).await;
        }
        match &mut self.outlet {
            Outlet::Nowhere => {}
            Outlet::Writer(writer) => {
                if let Err(error) = writer.write_all(&bytes).await {
                    self.outlet = Outlet::Nowhere;
                    let _ = self.troubles.send((name(self.stream), error));
                }
            }
            Outlet::View => {
                let shown = self.mask.push(bytes);
                self.show(shown).await;
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
            let _ = self.troubles.send((LOG, error));
        }
        let whole = self.characters.push(bytes);
        self.tell(whole).await;
    }

    async fn tell(&mut self, bytes: Vec<u8>) {
        // With stars for secrets, and what was held back, it may be more than was read at a time.
        for piece in pieces(bytes, CHUNK) {
            self.emitter.output(self.command, self.stream, piece).await;
        }
    }
}

pub(crate) const INPUT: &str = "read the input";
pub(crate) const LOG: &str = "write the log";

fn name(stream: Stream) -> &'static str {
    match stream {
        Stream::Stdout => "write the output",
        Stream::Stderr => "write the standard error",
    }
}

async fn silence_after(ended: &Ended, patience: Duration) {
    if ended.clone().wait_for(Option::is_some).await.is_ok() {
        tokio::time::sleep(patience).await;
    }
}
