//! What a command reads on its standard input, and how it gets there.

use std::pin::Pin;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// How much is passed on at a time: 64 KiB.
const CHUNK: usize = 64 * 1024;

/// What a command reads.
pub(crate) type InputStream = Pin<Box<dyn AsyncRead + Send>>;

/// Passes an input on, to its end. Fails if the input cannot be read; a command that stops reading
/// is no failure.
pub(crate) type InputFeed = Pin<Box<dyn Future<Output = std::io::Result<()>> + Send>>;

/// Passes an input on to the standard input of a command.
pub(super) fn feed_input(
    mut input: InputStream,
    mut stdin: impl AsyncWrite + Unpin + Send + 'static,
) -> InputFeed {
    Box::pin(async move {
        let mut buffer = vec![0; CHUNK];
        loop {
            let count = input.read(&mut buffer).await?;
            if count == 0 {
                let _ = stdin.shutdown().await;
                return Ok(());
            }
            if stdin.write_all(&buffer[..count]).await.is_err() {
                return Ok(());
            }
        }
    })
}
