//! A writer to which a caller sends the output of a command.

use tokio::io::{AsyncWrite, AsyncWriteExt};

/// Where a caller wants output to go.
pub(crate) type Sink = Box<dyn AsyncWrite + Send + Unpin>;

/// Flushes a sink and shuts it down.
pub(super) async fn close_sink(sink: &mut Sink) -> std::io::Result<()> {
    sink.flush().await?;
    sink.shutdown().await
}
