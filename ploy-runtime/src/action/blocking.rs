//! The shell of an action for functions that are not asynchronous.

use std::future::IntoFuture;
use std::path::Path;

use tokio::runtime::Handle;

use crate::error::Failure;
use crate::shell::{Detached, IntoCommand, IntoScript, Output, Shell};
use crate::transfer::{IntoSources, TransferTotals, WrittenFile};

/// A shell for a plain function: the same as [`Shell`], but each call waits.
pub struct Blocking {
    pub(super) shell: Shell,
    pub(super) handle: Handle,
}

impl Blocking {
    /// As [`Shell::run`].
    ///
    /// # Errors
    ///
    /// Those of [`Shell::run`].
    #[track_caller]
    pub fn run(&self, command: impl IntoCommand) -> Result<Output, Failure> {
        self.wait(self.shell.run(command))
    }

    /// As [`Shell::detach`].
    ///
    /// # Errors
    ///
    /// Those of [`Shell::detach`].
    #[track_caller]
    pub fn detach(&self, script: impl IntoScript) -> Result<Detached, Failure> {
        self.wait(self.shell.detach(script))
    }

    /// As [`Shell::upload`].
    ///
    /// # Errors
    ///
    /// Those of [`Shell::upload`].
    #[track_caller]
    pub fn upload(
        &self,
        sources: impl IntoSources,
        destination: impl AsRef<str>,
    ) -> Result<TransferTotals, Failure> {
        self.wait(self.shell.upload(sources, destination))
    }

    /// As [`Shell::download`].
    ///
    /// # Errors
    ///
    /// Those of [`Shell::download`].
    #[track_caller]
    pub fn download(
        &self,
        sources: impl IntoSources,
        destination: impl AsRef<Path>,
    ) -> Result<TransferTotals, Failure> {
        self.wait(self.shell.download(sources, destination))
    }

    /// As [`Shell::write`].
    ///
    /// # Errors
    ///
    /// Those of [`Shell::write`].
    #[track_caller]
    pub fn write(
        &self,
        path: impl Into<String>,
        content: impl Into<Vec<u8>>,
    ) -> Result<WrittenFile, Failure> {
        self.wait(self.shell.write(path, content))
    }

    /// As [`Shell::read`].
    ///
    /// # Errors
    ///
    /// Those of [`Shell::read`].
    #[track_caller]
    pub fn read(&self, path: impl Into<String>) -> Result<Vec<u8>, Failure> {
        self.wait(self.shell.read(path))
    }

    /// Waits for anything asynchronous, such as a [`PendingCommand`](crate::shell::PendingCommand)
    /// or a [`Transfer`](crate::transfer::Transfer) with options.
    pub fn wait<T>(&self, future: impl IntoFuture<Output = T>) -> T {
        self.handle.block_on(future.into_future())
    }
}
