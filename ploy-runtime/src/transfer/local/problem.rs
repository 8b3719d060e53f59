//! What can go wrong with one path.

use std::io;
use std::path::{Path, PathBuf};

use crate::transfer::cause::KnownCause;

/// One thing that was not copied, or not deleted.
#[derive(Debug, thiserror::Error)]
pub(in crate::transfer) enum CopyProblem {
    #[error("cannot {attempt} {}: {error}", path.display())]
    Io {
        attempt: Attempt,
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
    #[error("{} went away, or was replaced, while it was copied", .0.display())]
    Vanished(PathBuf),
    #[error("{} became shorter while it was copied", .0.display())]
    Shortened(PathBuf),
}

/// What was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::transfer) enum Attempt {
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

impl std::fmt::Display for Attempt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Attempt::ReadSource => "read",
            Attempt::LookAtDestination => "look at",
            Attempt::Write => "write",
            Attempt::MakeFolder => "make the folder",
            Attempt::MakeLink => "make the link",
            Attempt::MakeSpecialFile => "make the special file",
            Attempt::SetAttributes => "set mode, owner or time of",
            Attempt::MakeWay => "make way for",
            Attempt::Delete => "delete",
        })
    }
}

impl CopyProblem {
    pub(super) fn new(attempt: Attempt, path: &Path, error: io::Error) -> Self {
        let path = path.to_owned();
        CopyProblem::Io {
            attempt,
            path,
            error,
        }
    }

    /// What it means in words that people know.
    pub(super) fn known_cause(&self) -> Option<KnownCause> {
        match self {
            CopyProblem::Io { error, .. } | CopyProblem::Copy { error, .. } => {
                KnownCause::of_io(error.kind())
            }
            CopyProblem::FolderInTheWay(_)
            | CopyProblem::Vanished(_)
            | CopyProblem::Shortened(_) => None,
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
                CopyProblem::Io {
                    attempt: Attempt::ReadSource,
                    ..
                }
            )
    }

    /// The path of the source that is not there, if it is that.
    pub(super) fn missing_source(&self) -> Option<&Path> {
        match self {
            CopyProblem::Io {
                attempt: Attempt::ReadSource,
                path,
                error,
            } if error.kind() == io::ErrorKind::NotFound => Some(path),
            _ => None,
        }
    }
}
