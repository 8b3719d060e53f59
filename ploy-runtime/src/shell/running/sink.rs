use tokio::io::{AsyncWrite, AsyncWriteExt};

/// Where a caller wants output to go.
pub(crate) type Sink = Box<dyn AsyncWrite + Send + Unpin>;

/// Ends it: what it holds back is on its way.
pub(crate) async fn close(sink: &mut Sink) -> std::io::Result<()> {
    sink.flush().await?;
    sink.shutdown().await
}
