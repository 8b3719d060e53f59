//! What is to be transferred, from where to where.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use super::arguments;
use crate::error::{Failure, Kind};
use crate::shell::Shell;

/// How many sources are named in events and errors.
const SHOWN: usize = 3;

/// Which way files go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// From this machine to the site.
    Upload,
    /// From the site to this machine.
    Download,
}

/// What relative paths on a site hang on where it has no `path`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BaseFolder {
    /// On another host.
    Login,
    /// On this machine.
    Current,
}

/// A transfer as it was asked for.
#[derive(Clone, Debug)]
pub(super) struct TransferRequest {
    pub(super) site: String,
    /// The site's `path`.
    pub(super) site_path: Option<String>,
    /// Whether the site is this machine.
    pub(super) is_local: bool,
    pub(super) direction: Direction,
    pub(super) sources: Vec<PathBuf>,
    pub(super) destination: PathBuf,
    /// The paths on the site, whichever side it is, as they hang under its `path`.
    paths_on_site: Vec<String>,
    /// In the words of rsync.
    pub(super) arguments: Vec<OsString>,
    pub(super) is_mirror: bool,
}

impl TransferRequest {
    pub(super) fn new(
        shell: &Shell,
        direction: Direction,
        sources: Vec<PathBuf>,
        destination: PathBuf,
    ) -> Self {
        let on_site = match direction {
            Direction::Upload => std::slice::from_ref(&destination),
            Direction::Download => &*sources,
        };
        // One that is not in UTF-8 is refused before it is used.
        let paths_on_site = on_site
            .iter()
            .map(|path| shell.resolve(&path.to_string_lossy()))
            .collect();
        TransferRequest {
            site: shell.name().to_owned(),
            site_path: shell.0.site.path.clone(),
            is_local: shell.0.is_local,
            direction,
            sources,
            destination,
            paths_on_site,
            arguments: Vec::new(),
            is_mirror: false,
        }
    }

    /// The paths on the site: the destination of an upload, the sources of a download.
    pub(super) fn paths_on_site(&self) -> &[String] {
        &self.paths_on_site
    }

    /// The same, as they were written.
    pub(super) fn written_on_site(&self) -> &[PathBuf] {
        match self.direction {
            Direction::Upload => std::slice::from_ref(&self.destination),
            Direction::Download => &self.sources,
        }
    }

    /// The destination on the site, if it is there.
    pub(super) fn destination_on_site(&self) -> Option<&str> {
        match self.direction {
            Direction::Upload => self.paths_on_site.first().map(String::as_str),
            Direction::Download => None,
        }
    }

    /// What relative paths on the site hang on without a `path`.
    pub(super) fn base_folder(&self) -> BaseFolder {
        if self.is_local {
            BaseFolder::Current
        } else {
            BaseFolder::Login
        }
    }

    /// Whether all that is not in the source is deleted.
    pub(super) fn should_delete(&self) -> bool {
        self.is_mirror || arguments::should_delete(&self.arguments)
    }

    /// Whether nothing is to be changed.
    pub(super) fn is_dry_run(&self) -> bool {
        arguments::has(&self.arguments, b'n', "dry-run")
    }

    /// The failure of what is refused.
    pub(super) fn refused(&self, cause: impl Into<String>) -> Failure {
        let headline = format!("refused to {self} on {}", self.site);
        Failure::new(Kind::Usage, headline, cause)
    }

    /// Where a path is, for people, that is a source.
    pub(super) fn source_place(&self) -> String {
        match self.direction {
            Direction::Upload => "here".to_owned(),
            Direction::Download => format!("on {}", self.site),
        }
    }
}

/// What is done, in words.
impl fmt::Display for TransferRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self.direction {
            Direction::Upload => "upload",
            Direction::Download => "download",
        };
        f.write_str(verb)?;
        for source in self.sources.iter().take(SHOWN) {
            write!(f, " {}", Path::display(source))?;
        }
        let more = self.sources.len().saturating_sub(SHOWN);
        if more > 0 {
            write!(f, " and {more} more")?;
        }
        write!(f, " to {}", self.destination.display())?;
        if self.is_mirror {
            f.write_str(" (mirror)")?;
        }
        Ok(())
    }
}

impl fmt::Display for BaseFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BaseFolder::Login => "the login directory",
            BaseFolder::Current => "the current directory",
        })
    }
}
