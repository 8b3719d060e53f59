//! What the file system says of a path, as an entry of a listing.

use std::fs::Metadata;
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

use crate::transfer::planner::entry::{Attributes, EntryKind, SpecialFile, Timestamp, TreeEntry};

/// The entry of a path that has this metadata. Reads where a link leads.
pub(super) fn entry(path: &Path, metadata: &Metadata, source: usize) -> io::Result<TreeEntry> {
    let file_type = metadata.file_type();
    let device = metadata.rdev();
    let kind = if file_type.is_dir() {
        EntryKind::Folder
    } else if file_type.is_symlink() {
        let target = path.read_link()?.into_os_string();
        EntryKind::Link { target }
    } else if file_type.is_fifo() {
        EntryKind::Special(SpecialFile::Fifo)
    } else if file_type.is_socket() {
        EntryKind::Special(SpecialFile::Socket)
    } else if file_type.is_char_device() {
        EntryKind::Special(SpecialFile::CharacterDevice { device })
    } else if file_type.is_block_device() {
        EntryKind::Special(SpecialFile::BlockDevice { device })
    } else {
        let bytes = metadata.len();
        EntryKind::File { bytes }
    };
    Ok(TreeEntry {
        kind,
        attributes: attributes(metadata),
        source,
    })
}

pub(super) fn attributes(metadata: &Metadata) -> Attributes {
    Attributes {
        mode: metadata.mode() & 0o7777,
        modified: Timestamp {
            seconds: metadata.mtime(),
            // The system has it below a thousand million.
            nanoseconds: u32::try_from(metadata.mtime_nsec()).unwrap_or(0),
        },
        owner: metadata.uid(),
        group: metadata.gid(),
    }
}
