//! Bytes that a filtering stream has read and not handed on yet.

use tokio::io::ReadBuf;

/// Moves bytes from the front of `held` into a reader's buffer: as many as fit, and at most
/// `limit`. Returns their number.
pub(crate) fn hand_on(held: &mut Vec<u8>, limit: usize, buffer: &mut ReadBuf<'_>) -> usize {
    let count = held.len().min(limit).min(buffer.remaining());
    buffer.put_slice(&held[..count]);
    held.drain(..count);
    count
}
