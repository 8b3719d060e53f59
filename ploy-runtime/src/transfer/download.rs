//! `Shell::download`.

use std::panic::Location;
use std::path::Path;

use super::request::Direction;
use super::{IntoSources, Transfer};
use crate::shell::Shell;

impl Shell {
    /// Copies files or folders of the site to this machine: [`upload`](Shell::upload) the other way
    /// round.
    ///
    /// `sources` are one path on the site or a list; relative ones hang on the site's `path`, and
    /// `~/` is the login directory. A name stands for itself: `*` is no pattern. `destination` is a
    /// path on this machine; a relative one hangs on the current directory. Folders that are
    /// missing above it are made. Several sites that download to one destination get in each
    /// other's way: put the name of the site into it. rsync takes fewer than 1,000 sources of
    /// another host by their names; a folder may have any number of files.
    ///
    /// ```
    /// # use ploy::{Cx, Result};
    /// # async fn example(cx: Cx) -> Result {
    /// let site = cx.site().name();
    /// cx.shell().download("/var/log/nginx/", format!("logs/{site}")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Awaiting it fails as with `upload`.
    #[track_caller]
    pub fn download(&self, sources: impl IntoSources, destination: impl AsRef<Path>) -> Transfer {
        let sources = sources.into_sources();
        Transfer::new(
            self.clone(),
            Direction::Download,
            sources,
            destination.as_ref().to_owned(),
            Location::caller(),
        )
    }
}
