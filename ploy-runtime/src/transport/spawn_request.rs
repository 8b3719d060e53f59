use std::pin::Pin;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::transport::Privileged;
use crate::transport::guard::There;

/// A script about to be started on a site.
pub(crate) struct Launch<'a> {
    /// The name of the site, for errors.
    pub(crate) site: &'a str,
    /// The program that runs it, by `-c`.
    pub(crate) shell: &'a str,
    pub(crate) script: &'a [u8],
    /// What it gets on its standard input; else that is empty.
    pub(crate) input: Option<Input>,
    /// Whether it may ask for something while it runs: a password of sudo's, or a secret. Then it has `$ploy_q` and
    /// `$ploy_i`, for [`SUDO`](super::SUDO) and [`GET`](super::GET).
    pub(crate) asks: bool,
    /// What another user runs after the script, by a sudo that asks.
    pub(crate) privileged: Option<&'a Privileged>,
}

impl Launch<'_> {
    /// The script behind its prologue, with what another user runs.
    pub(super) fn whole(&self, mut prologue: Vec<u8>, there: Option<&There>) -> Vec<u8> {
        prologue.extend_from_slice(self.script);
        if let Some(privileged) = self.privileged {
            prologue.extend(privileged.script(there));
        }
        prologue
    }

    /// Whether it needs a reaper, to ask or since its standard input is for what it reads.
    pub(super) fn needs_reaper(&self) -> bool {
        self.input.is_some() || self.asks
    }
}

/// What a command reads.
pub(crate) type Input = Pin<Box<dyn AsyncRead + Send>>;

/// Passes the input on, to its end. Fails if the input cannot be read; a command that reads no further is no failure.
pub(crate) type Feed = Pin<Box<dyn Future<Output = std::io::Result<()>> + Send>>;

/// How much is passed on at a time.
const CHUNK: usize = 64 * 1024;

pub(super) fn feed(mut input: Input, mut to: impl AsyncWrite + Unpin + Send + 'static) -> Feed {
    Box::pin(async move {
        let mut buffer = vec![0; CHUNK];
        loop {
            let count = input.read(&mut buffer).await?;
            if count == 0 {
                let _ = to.shutdown().await;
                return Ok(());
            }
            if to.write_all(&buffer[..count]).await.is_err() {
                return Ok(());
            }
        }
    })
}
