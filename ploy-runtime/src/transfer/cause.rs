//! Common causes of failures, in the same words for every carrier.

use std::io;

/// Why a file could not be copied, as the system says it in many ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum KnownCause {
    #[error("no space is left")]
    NoSpace,
    #[error("a disk quota is used up")]
    Quota,
    #[error("the file system is read-only")]
    ReadOnlyFileSystem,
    #[error("permission denied")]
    PermissionDenied,
    #[error("what is to be a folder is a file")]
    NotAFolder,
    #[error("an option is not known")]
    UnknownOption,
}

/// The system's words for them, and those of rsync.
const WORDS: [(&str, KnownCause); 7] = [
    ("No space left on device", KnownCause::NoSpace),
    ("Disk quota exceeded", KnownCause::Quota),
    ("Read-only file system", KnownCause::ReadOnlyFileSystem),
    // Some programs begin it with a capital.
    ("ermission denied", KnownCause::PermissionDenied),
    ("Operation not permitted", KnownCause::PermissionDenied),
    ("Not a directory", KnownCause::NotAFolder),
    ("unknown option", KnownCause::UnknownOption),
];

impl KnownCause {
    /// The cause that a line of a program's messages names.
    pub(super) fn of_line(line: &str) -> Option<Self> {
        let (_, cause) = WORDS.iter().find(|(words, _)| line.contains(words))?;
        Some(*cause)
    }

    /// The cause that an error of the system's stands for.
    pub(super) fn of_io(kind: io::ErrorKind) -> Option<Self> {
        Some(match kind {
            io::ErrorKind::StorageFull => KnownCause::NoSpace,
            io::ErrorKind::QuotaExceeded => KnownCause::Quota,
            io::ErrorKind::ReadOnlyFilesystem => KnownCause::ReadOnlyFileSystem,
            io::ErrorKind::PermissionDenied => KnownCause::PermissionDenied,
            io::ErrorKind::NotADirectory => KnownCause::NotAFolder,
            _ => return None,
        })
    }
}
