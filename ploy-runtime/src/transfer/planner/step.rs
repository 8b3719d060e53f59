//! One step of a plan.

use std::ffi::OsStr;
use std::path::Path;

use super::entry::{Attributes, SpecialFile, TreeEntry};

/// What a carrier does to a path below the destination. Steps are carried out in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::transfer) enum TransferStep<'a> {
    /// Makes a folder that its user may write into until it is finished. Without a mode it is like
    /// any new folder.
    MakeFolder { path: &'a Path, mode: Option<u32> },
    /// Lets its user write into a folder that is there, until it is finished.
    OpenFolder { path: &'a Path, mode: u32 },
    /// Removes what stands where something of another kind goes. A folder has to be empty by then.
    MakeWay { path: &'a Path, is_folder: bool },
    /// Copies a file, in place of whatever is there and no folder.
    PutFile {
        path: &'a Path,
        /// Which of several sources it comes from, counted from 0.
        source: usize,
        attributes: Attributes,
    },
    /// Makes a symbolic link, likewise.
    PutLink {
        path: &'a Path,
        target: &'a OsStr,
        attributes: Attributes,
    },
    /// Makes a special file, likewise.
    PutSpecial {
        path: &'a Path,
        special: SpecialFile,
        attributes: Attributes,
    },
    /// Gives a path that is up to date otherwise the attributes of its source.
    SetAttributes {
        path: &'a Path,
        entry: &'a TreeEntry,
    },
    /// Deletes what is not in the source. A folder has to be empty by then.
    Delete { path: &'a Path, is_folder: bool },
    /// Gives a folder, in which all is done, the attributes of its source.
    FinishFolder {
        path: &'a Path,
        attributes: Attributes,
    },
}

impl TransferStep<'_> {
    /// The path below the destination that it concerns.
    pub(in crate::transfer) fn path(&self) -> &Path {
        match self {
            TransferStep::MakeFolder { path, .. }
            | TransferStep::OpenFolder { path, .. }
            | TransferStep::MakeWay { path, .. }
            | TransferStep::PutFile { path, .. }
            | TransferStep::PutLink { path, .. }
            | TransferStep::PutSpecial { path, .. }
            | TransferStep::SetAttributes { path, .. }
            | TransferStep::Delete { path, .. }
            | TransferStep::FinishFolder { path, .. } => path,
        }
    }
}
