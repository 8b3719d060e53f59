//! Output on its way from a command to whoever shows it.

use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt};

use super::Emitter;
use super::capture::Capture;
use crate::event::Stream;

/// How much is read at a time at most: 64 KiB.
const CHUNK: usize = 64 * 1024;

/// How long may be waited, all in all, for output after a command has ended: something that left its group on purpose
/// may hold it open.
const DRAIN: Duration = Duration::from_secs(2);

/// How much may still come out then: more than a pipe holds.
const DRAIN_BYTES: usize = 1024 * 1024;
/// When a command ended, once it has.
pub(super) type Ended = tokio::sync::watch::Receiver<Option<Instant>>;

/// Reads a stream to its end: captures it and passes it on, chunk by chunk, each when the one before was taken.
pub(super) async fn pass_on(
    mut from: impl AsyncRead + Unpin,
    stream: Stream,
    capture: &mut Capture,
    emitter: &dyn Emitter,
    command: u32,
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
        emitter
            .output(
                command,
                stream,
                std::mem::replace(&mut buffer, Vec::with_capacity(capacity)),
            )
            .await;
        if rest == 0 {
            return;
        }
    }
}

async fn silence_after(ended: &Ended, patience: Duration) {
    if ended.clone().wait_for(Option::is_some).await.is_ok() {
        tokio::time::sleep(patience).await;
    }
}
