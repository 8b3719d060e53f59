//! What rsync says of itself, taken out of what it puts out.

use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::Instant;

use super::Moved;
use crate::event::EventKind;
use crate::shell::Emitter;

/// How often progress is told at most.
const PAUSE: Duration = Duration::from_millis(200);

/// The longest line that is looked at.
const LONGEST: usize = 4096;

/// What asks rsync to tell how far it is, and at the end what it did: as numbers, and at once.
pub(super) const TELL: [&str; 3] = [
    "--info=progress2,stats2",
    "--outbuf=L",
    "--no-human-readable",
];

/// The same of an rsync that is older than 3.1, or another program of that name: only at the end.
pub(super) const TELL_LESS: &str = "--stats";

/// The lines with which it tells at the end what it did, but for those that count.
const STATS: [&str; 8] = [
    "Number of files: ",
    "Number of created files: ",
    "Total file size: ",
    "Literal data: ",
    "Matched data: ",
    "File list ",
    "Total bytes sent: ",
    "Total bytes received: ",
];

/// Whether a line only rounds off what rsync tells at its end.
fn is_rest(line: &str) -> bool {
    STATS.iter().any(|begin| line.starts_with(begin))
        || line.starts_with("sent ") && line.ends_with(" bytes/sec")
        || line.starts_with("total size is ") && line.contains("  speedup is ")
}

/// Whether the rsync of this machine knows how to tell its progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tells {
    Unknown = 0,
    Progress = 1,
    Less = 2,
}

static TELLS: AtomicU8 = AtomicU8::new(Tells::Unknown as u8);

/// What an earlier transfer has found out.
pub(super) fn tells() -> Tells {
    match TELLS.load(Ordering::Relaxed) {
        1 => Tells::Progress,
        2 => Tells::Less,
        _ => Tells::Unknown,
    }
}

/// How far a transfer is.
#[derive(Clone, Default)]
pub(super) struct Tally(Arc<Mutex<Moved>>);

impl Tally {
    pub(super) fn moved(&self) -> Moved {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// rsync's standard output without what it says of its progress, which is told as events.
pub(super) struct Progress<R> {
    inner: R,
    tally: Tally,
    emitter: Arc<dyn Emitter>,
    command: u32,
    told: Option<Instant>,
    /// Whether it has said what it did in the end.
    complete: bool,
    line: Vec<u8>,
    /// What is to be handed on.
    out: Vec<u8>,
    ended: bool,
}

impl<R: AsyncRead + Unpin> Progress<R> {
    pub(super) fn new(inner: R, tally: Tally, emitter: Arc<dyn Emitter>, command: u32) -> Self {
        Progress {
            inner,
            tally,
            emitter,
            command,
            told: None,
            complete: false,
            line: Vec::new(),
            out: Vec::new(),
            ended: false,
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
        if !self.hears(line.trim_ascii()) {
            self.out.extend(line);
        }
    }

    /// Whether a line is about the transfer itself.
    fn hears(&mut self, line: &[u8]) -> bool {
        let Ok(line) = std::str::from_utf8(line) else {
            return false;
        };
        if line.is_empty() || is_rest(line) {
            return true;
        }
        if let Some((bytes, percent, files)) = progress(line) {
            TELLS.store(Tells::Progress as u8, Ordering::Relaxed);
            let mut moved = self.tally.0.lock().unwrap_or_else(PoisonError::into_inner);
            moved.bytes = bytes;
            moved.files = files.unwrap_or(moved.files);
            drop(moved);
            if self.told.is_none_or(|told| told.elapsed() >= PAUSE) {
                // Only the end is all of it.
                self.tell(percent.min(99));
            }
            return true;
        }
        let mut moved = self.tally.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(files) = line.strip_prefix("Number of regular files transferred: ") {
            moved.files = number(files);
        } else if let Some(files) = line.strip_prefix("Number of files transferred: ") {
            TELLS.store(Tells::Less as u8, Ordering::Relaxed);
            moved.files = number(files);
        } else if let Some(deleted) = line.strip_prefix("Number of deleted files: ") {
            moved.deleted = number(deleted);
        } else if let Some(bytes) = line.strip_prefix("Total transferred file size: ") {
            moved.bytes = number(bytes);
            self.complete = true;
        } else {
            return false;
        }
        true
    }

    fn tell(&mut self, percent: u8) {
        let Moved { files, bytes, .. } = self.tally.moved();
        self.told = Some(Instant::now());
        self.emitter.emit(EventKind::Transferred {
            action: self.emitter.action(),
            command: self.command,
            bytes,
            files,
            percent,
        });
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Progress<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let this = &mut *self;
        let mut space = [0; 4096];
        while this.out.is_empty() && !this.ended {
            let mut read = ReadBuf::new(&mut space);
            ready!(Pin::new(&mut this.inner).poll_read(context, &mut read))?;
            this.take(read.filled());
            if read.filled().is_empty() {
                this.ended = true;
                this.end_line();
                if this.complete {
                    this.tell(100);
                }
            }
        }
        let count = this.out.len().min(buffer.remaining());
        buffer.put_slice(&this.out[..count]);
        this.out.drain(..count);
        Poll::Ready(Ok(()))
    }
}

/// `1234567  45%  1.23MB/s    0:00:12 (xfr#7, to-chk=12/345)`: bytes, percent, and files if it says so.
fn progress(line: &str) -> Option<(u64, u8, Option<u64>)> {
    let mut words = line.split_whitespace();
    let bytes = words.next()?.parse().ok()?;
    let percent = words.next()?.strip_suffix('%')?.parse().ok()?;
    words.next()?.strip_suffix("/s")?;
    let files = words
        .find_map(|word| word.strip_prefix("(xfr#"))
        .and_then(|files| files.trim_end_matches(',').parse().ok());
    Some((bytes, percent, files))
}

/// The number at the beginning, which older versions group by commas.
fn number(text: &str) -> u64 {
    text.chars()
        .take_while(|c| !c.is_whitespace())
        .filter_map(|c| c.to_digit(10))
        .fold(0, |number, digit| number * 10 + u64::from(digit))
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;

    use super::*;
    use crate::shell::Silent;

    #[test]
    fn lines_of_progress_are_told_from_others() {
        assert_eq!(
            progress("1234567  45%  1.23MB/s    0:00:12 (xfr#7, to-chk=12/345)"),
            Some((1_234_567, 45, Some(7)))
        );
        assert_eq!(progress("3  0%  0.00kB/s  0:00:00"), Some((3, 0, None)));
        assert_eq!(progress("5 files"), None);
        assert_eq!(progress("a 5% b/s"), None);
        assert_eq!(number("1,234 bytes"), 1234);
        assert_eq!(number("3 (reg: 2, dir: 1)"), 3);
    }

    #[tokio::test]
    async fn only_the_rest_is_handed_on() {
        let said = "sending incremental file list\na b\n\r  3  0%  0.00kB/s  0:00:00\r  9 100%  1.00MB/s  0:00:00 \
                    (xfr#2, to-chk=0/4)\nlast\n\nNumber of files: 4 (reg: 2, dir: 2)\nNumber of deleted files: 1\n\
                    Number of regular files transferred: 2\nTotal file size: 99 bytes\nTotal transferred file size: \
                    9 bytes\n\nsent 1 bytes  received 2 bytes  6.00 bytes/sec\nsent letters\ntotal size is 99  speedup is 1.00\nend";
        let tally = Tally::default();
        let mut out = String::new();
        Progress::new(said.as_bytes(), tally.clone(), Arc::new(Silent), 1)
            .read_to_string(&mut out)
            .await
            .unwrap();
        assert_eq!(
            out,
            "sending incremental file list\na b\nlast\nsent letters\nend"
        );
        assert_eq!(
            tally.moved(),
            Moved {
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
            let EventKind::Transferred {
                bytes,
                files,
                percent,
                ..
            } = event
            else {
                panic!("{event:?}");
            };
            self.0.lock().unwrap().push((bytes, files, percent));
        }

        fn output(
            &self,
            _: u32,
            _: crate::event::Stream,
            _: Vec<u8>,
        ) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
            Box::pin(std::future::ready(()))
        }

        fn action(&self) -> u32 {
            1
        }

        fn next_command(&self) -> u32 {
            1
        }
    }

    #[tokio::test(start_paused = true)]
    async fn five_times_a_second_will_do_and_the_end_is_told_always() {
        let (mut to, from) = tokio::io::duplex(64);
        let told = Arc::new(Told::default());
        let mut progress = Progress::new(from, Tally::default(), told.clone(), 1);
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
