use std::future::IntoFuture;

use tokio::runtime::Handle;

use crate::error::Failure;
use crate::shell::{Detached, IntoCommand, IntoScript, Output, Shell};
use crate::transfer::IntoSources;

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
    ) -> Result<(), Failure> {
        self.wait(self.shell.upload(sources, destination))
    }

    /// Waits for anything asynchronous, such as a [`Run`](crate::Run) with options.
    pub fn wait<T>(&self, future: impl IntoFuture<Output = T>) -> T {
        self.handle.block_on(future.into_future())
    }
}
