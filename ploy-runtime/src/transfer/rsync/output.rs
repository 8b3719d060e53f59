//! Filters progress and statistics out of rsync's standard output.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::Instant;

use super::line::{ProgressSupport, RsyncLine, parse, remember};
use crate::event::{CommandId, EventKind};
use crate::shell::Emitter;
use crate::transfer::TransferTotals;
use crate::transport::hand_on;

/// The shortest time between two progress events.
const PAUSE: Duration = Duration::from_millis(200);

/// A longer line is passed on without being parsed.
const LONGEST: usize = 4096;

/// The totals of a transfer so far, shared with whoever reads its output.
#[derive(Clone, Default)]
pub(super) struct SharedTotals(Arc<Mutex<TransferTotals>>);

impl SharedTotals {
    pub(super) fn get(&self) -> TransferTotals {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// rsync's standard output. Progress is emitted as events, statistics are kept, the rest is passed
/// on.
pub(super) struct RsyncOutput<R> {
    inner: R,
    totals: SharedTotals,
    emitter: Arc<dyn Emitter>,
    command: CommandId,
    told: Option<Instant>,
    /// Whether the final statistics have come.
    is_complete: bool,
    line: Vec<u8>,
    /// What is to be passed on.
    out: Vec<u8>,
    has_ended: bool,
}

impl<R: AsyncRead + Unpin> RsyncOutput<R> {
    pub(super) fn new(
        inner: R,
        totals: SharedTotals,
        emitter: Arc<dyn Emitter>,
        command: CommandId,
    ) -> Self {
        RsyncOutput {
            inner,
            totals,
            emitter,
            command,
            told: None,
            is_complete: false,
            line: Vec::new(),
            out: Vec::new(),
            has_ended: false,
        }
    }

    fn take(&mut self, read: &[u8]) {
        for byte in read {
            self.line.push(*byte);
            if matches!(byte, b'\r' | b'\n') || self.line.len() > LONGEST {
                self.end_line();
            }
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if !self.take_line(line.trim_ascii()) {
            self.out.extend(line);
        }
    }

    /// Takes a line that is about the transfer itself. Returns whether it was one.
    fn take_line(&mut self, line: &[u8]) -> bool {
        let Some(parsed) = std::str::from_utf8(line).ok().and_then(parse) else {
            return false;
        };
        let mut moved = self.totals.0.lock().unwrap_or_else(PoisonError::into_inner);
        match parsed {
            RsyncLine::Other => {}
            RsyncLine::Progress {
                bytes,
                percent,
                files,
            } => {
                remember(ProgressSupport::Progress);
                moved.bytes = bytes;
                moved.files = files.unwrap_or(moved.files);
                drop(moved);
                if self.told.is_none_or(|told| told.elapsed() >= PAUSE) {
                    // 100 % is emitted at the end only.
                    self.tell(percent.min(99));
                }
            }
            RsyncLine::Files(files) => moved.files = files,
            RsyncLine::FilesByOldVersion(files) => {
                remember(ProgressSupport::StatsOnly);
                moved.files = files;
            }
            RsyncLine::Deleted(deleted) => moved.deleted = deleted,
            RsyncLine::Bytes(bytes) => {
                moved.bytes = bytes;
                self.is_complete = true;
            }
        }
        true
    }

    fn tell(&mut self, percent: u8) {
        let TransferTotals { files, bytes, .. } = self.totals.get();
        self.told = Some(Instant::now());
        self.emitter.emit(EventKind::TransferProgress {
            action: self.emitter.action(),
            command: self.command,
            bytes,
            files,
            percent_done: percent,
        });
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for RsyncOutput<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let this = &mut *self;
        let mut space = [0; 4096];
        while this.out.is_empty() && !this.has_ended {
            let mut read = ReadBuf::new(&mut space);
            ready!(Pin::new(&mut this.inner).poll_read(context, &mut read))?;
            this.take(read.filled());
            if read.filled().is_empty() {
                this.has_ended = true;
                this.end_line();
                if this.is_complete {
                    this.tell(100);
                }
            }
        }
        hand_on(&mut this.out, usize::MAX, buffer);
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;

    use super::*;
    use crate::event::{ActionId, CommandId};
    use crate::shell::SilentEmitter;

    #[tokio::test]
    async fn only_the_rest_is_handed_on() {
        let said = "sending incremental file list\na b\n\r  3  0%  0.00kB/s  0:00:00\r  9 100%  1.00MB/s  0:00:00 \
                    (xfr#2, to-chk=0/4)\nlast\n\nNumber of files: 4 (reg: 2, dir: 2)\nNumber of deleted files: 1\n\
                    Number of regular files transferred: 2\nTotal file size: 99 bytes\nTotal transferred file size: \
                    9 bytes\n\nsent 1 bytes  received 2 bytes  6.00 bytes/sec\nsent letters\ntotal size is 99  speedup is 1.00\nend";
        let totals = SharedTotals::default();
        let mut out = String::new();
        RsyncOutput::new(
            said.as_bytes(),
            totals.clone(),
            Arc::new(SilentEmitter),
            CommandId(1),
        )
        .read_to_string(&mut out)
        .await
        .unwrap();
        assert_eq!(
            out,
            "sending incremental file list\na b\nlast\nsent letters\nend"
        );
        assert_eq!(
            totals.get(),
            TransferTotals {
                files: 2,
                bytes: 9,
                deleted: 1
            }
        );
    }

    /// Keeps what it is told.
    #[derive(Default)]
    struct Told(Mutex<Vec<(u64, u64, u8)>>);

    impl Emitter for Told {
        fn emit(&self, event: EventKind) {
            let EventKind::TransferProgress {
                bytes,
                files,
                percent_done,
                ..
            } = event
            else {
                panic!("{event:?}");
            };
            self.0.lock().unwrap().push((bytes, files, percent_done));
        }

        fn output(
            &self,
            _: CommandId,
            _: crate::event::Stream,
            _: Vec<u8>,
        ) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
            Box::pin(std::future::ready(()))
        }

        fn action(&self) -> ActionId {
            ActionId(1)
        }

        fn next_command(&self) -> CommandId {
            CommandId(1)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn five_times_a_second_will_do_and_the_end_is_told_always() {
        let (mut to, from) = tokio::io::duplex(64);
        let told = Arc::new(Told::default());
        let mut progress =
            RsyncOutput::new(from, SharedTotals::default(), told.clone(), CommandId(1));
        let rsync = tokio::spawn(async move {
            use tokio::io::AsyncWriteExt;
            // Every tenth of a second, for a second.
            for number in 1..=10 {
                let line = format!("\r {number} {number}% 1.00kB/s 0:00:01 (xfr#1, to-chk=1/2)");
                to.write_all(line.as_bytes()).await.unwrap();
                to.write_all(b"\r").await.unwrap();
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            to.write_all(b" 50 100% 1.00kB/s 0:00:01\nTotal transferred file size: 50 bytes\n")
                .await
                .unwrap();
        });
        let mut out = Vec::new();
        progress.read_to_end(&mut out).await.unwrap();
        rsync.await.unwrap();
        assert_eq!(out, b"");
        let told = told.0.lock().unwrap();
        let percent: Vec<u8> = told.iter().map(|(_, _, percent)| *percent).collect();
        assert_eq!(percent, [1, 3, 5, 7, 9, 99, 100]);
        assert_eq!(*told.last().unwrap(), (50, 1, 100));
    }
}
