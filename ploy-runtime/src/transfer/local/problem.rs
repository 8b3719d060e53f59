//! What can go wrong with one path.

use std::io;
use std::path::{Path, PathBuf};

use crate::transfer::cause::KnownCause;

/// One thing that was not copied, or not deleted.
#[derive(Debug, thiserror::Error)]
pub(in crate::transfer) enum Problem {
    #[error("cannot {action} {}: {error}", path.display())]
    Io {
        action: Action,
        path: PathBuf,
        error: io::Error,
    },
    /// The system does not say which of the two is to blame.
    #[error("cannot copy {} to {}: {error}", from.display(), to.display())]
    Copy {
        from: PathBuf,
        to: PathBuf,
        error: io::Error,
    },
    #[error("a folder that is not empty is in the way of {}", .0.display())]
    FolderInTheWay(PathBuf),
    #[error("{} went away while it was copied", .0.display())]
    Vanished(PathBuf),
    #[error("{} became shorter while it was copied", .0.display())]
    Shortened(PathBuf),
}

/// What was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::transfer) enum Action {
    ReadSource,
    LookAtDestination,
    Write,
    MakeFolder,
    MakeLink,
    MakeSpecialFile,
    SetAttributes,
    MakeWay,
    Delete,
}

impl std::fmt::Display for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Action::ReadSource => "read",
            Action::LookAtDestination => "look at",
            Action::Write => "write",
            Action::MakeFolder => "make the folder",
            Action::MakeLink => "make the link",
            Action::MakeSpecialFile => "make the special file",
            Action::SetAttributes => "set mode, owner or time of",
            Action::MakeWay => "make way for",
            Action::Delete => "delete",
        })
    }
}

impl Problem {
    pub(super) fn new(action: Action, path: &Path, error: io::Error) -> Self {
        let path = path.to_owned();
        Problem::Io {
            action,
            path,
            error,
        }
    }

    /// What it means in words that people know.
    pub(super) fn known_cause(&self) -> Option<KnownCause> {
        match self {
            Problem::Io { error, .. } | Problem::Copy { error, .. } => {
                KnownCause::of_io(error.kind())
            }
            Problem::FolderInTheWay(_) | Problem::Vanished(_) | Problem::Shortened(_) => None,
        }
    }

    /// Whether all that follows would fail too.
    pub(super) fn is_fatal(&self) -> bool {
        let fatal = [
            KnownCause::NoSpace,
            KnownCause::Quota,
            KnownCause::ReadOnlyFileSystem,
        ];
        self.known_cause()
            .is_some_and(|cause| fatal.contains(&cause))
            && !matches!(
                self,
                Problem::Io {
                    action: Action::ReadSource,
                    ..
                }
            )
    }

    /// The path of the source that is not there, if it is that.
    pub(super) fn missing_source(&self) -> Option<&Path> {
        match self {
            Problem::Io {
                action: Action::ReadSource,
                path,
                error,
            } if error.kind() == io::ErrorKind::NotFound => Some(path),
            _ => None,
        }
    }
}
