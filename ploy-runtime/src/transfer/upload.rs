//! `Shell::upload`.

use std::panic::Location;

use super::request::Direction;
use super::{IntoSources, Transfer};
use crate::shell::Shell;

impl Shell {
    /// Copies files or folders of this machine to the site, by `rsync -az`, over the same
    /// connection as its commands.
    ///
    /// `sources` are one path or a list; relative ones hang on the current directory. `destination`
    /// is a path on the site; a relative one hangs on the site's `path`, and `~/` is the login
    /// directory. Folders that are missing above it are made. rsync's meaning of a slash at the end
    /// is kept: `dist/` is what is in the folder, `dist` the folder. Nothing is deleted on the
    /// site, unless [`mirror`](Transfer::mirror) says so. This machine and the site need rsync. On
    /// a local site files are copied on this machine, without rsync, unless
    /// [`args`](Transfer::args) or [`run_as`](Transfer::run_as) ask for more than ploy does by
    /// itself.
    ///
    /// Awaiting it gives the [`TransferTotals`](crate::transfer::TransferTotals), and fails with
    /// [`Kind::Transfer`](crate::error::Kind::Transfer) if not all could be moved, and with the
    /// kinds of [`run`](Shell::run) that concern the site and the run.
    ///
    /// ```
    /// # use ploy::{Cx, Result};
    /// # async fn example(cx: Cx, release: String) -> Result {
    /// cx.shell().upload("dist/", format!("releases/{release}")).await?;
    /// let moved = cx.shell().upload(["nginx.conf", "mime.types"], "/etc/nginx/").await?;
    /// if moved.files > 0 {
    ///     cx.report("the configuration has changed");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn upload(&self, sources: impl IntoSources, destination: impl AsRef<str>) -> Transfer {
        let sources = sources.into_sources();
        Transfer::new(
            self.clone(),
            Direction::Upload,
            sources,
            destination.as_ref().into(),
            Location::caller(),
        )
    }
}
