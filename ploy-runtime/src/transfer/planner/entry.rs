//! One file, folder, link or special file, as a listing has it.

use std::ffi::OsString;

/// What a path is, and the attributes that a transfer keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::transfer) struct TreeEntry {
    pub(in crate::transfer) kind: EntryKind,
    pub(in crate::transfer) attributes: Attributes,
    /// Which of several sources it comes from, counted from 0. In a destination it is 0.
    pub(in crate::transfer) source: usize,
}

/// What a path is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::transfer) enum EntryKind {
    /// A regular file of this many bytes.
    File {
        bytes: u64,
    },
    Folder,
    /// A symbolic link, and where it leads, as it is written.
    Link {
        target: OsString,
    },
    Special(SpecialFile),
}

/// What is neither file, folder nor link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::transfer) enum SpecialFile {
    Fifo,
    Socket,
    CharacterDevice { device: u64 },
    BlockDevice { device: u64 },
}

/// The attributes that a transfer keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::transfer) struct Attributes {
    /// The permissions, with the bits for set-user-id, set-group-id and sticky.
    pub(in crate::transfer) mode: u32,
    pub(in crate::transfer) modified: Timestamp,
    pub(in crate::transfer) owner: u32,
    pub(in crate::transfer) group: u32,
}

/// When something was modified, since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::transfer) struct Timestamp {
    pub(in crate::transfer) seconds: i64,
    pub(in crate::transfer) nanoseconds: u32,
}

impl TreeEntry {
    pub(in crate::transfer) fn is_folder(&self) -> bool {
        self.kind == EntryKind::Folder
    }
}

impl SpecialFile {
    /// Whether it stands for a device, which only root can make.
    pub(in crate::transfer) fn is_device(self) -> bool {
        matches!(
            self,
            SpecialFile::CharacterDevice { .. } | SpecialFile::BlockDevice { .. }
        )
    }
}

impl Timestamp {
    /// Whether a copy has the time of its original. A file system may keep whole seconds only.
    pub(super) fn is_kept_by(self, copy: Timestamp) -> bool {
        self.seconds == copy.seconds
            && (self.nanoseconds == copy.nanoseconds || copy.nanoseconds == 0)
    }
}
