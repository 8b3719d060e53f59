//! Whether a copy is like its original.

use super::entry::{EntryKind, TreeEntry};
use super::privileges::CopyPrivileges;

/// Whether a copy has the content of its original, as far as size and time tell.
pub(super) fn is_up_to_date(entry: &TreeEntry, present: &TreeEntry) -> bool {
    match (&entry.kind, &present.kind) {
        (
            EntryKind::File { bytes },
            EntryKind::File {
                bytes: present_bytes,
            },
        ) => {
            let modified = entry.attributes.modified;
            bytes == present_bytes && modified.is_kept_by(present.attributes.modified)
        }
        (kind, present) => kind == present,
    }
}

/// Whether attributes differ that are to be kept, and that can be set.
pub(super) fn have_other_attributes(
    entry: &TreeEntry,
    present: &TreeEntry,
    privileges: &CopyPrivileges,
) -> bool {
    let (wanted, current) = (entry.attributes, present.attributes);
    let is_link = matches!(entry.kind, EntryKind::Link { .. });
    wanted.mode != current.mode && !is_link
        || !wanted.modified.is_kept_by(current.modified)
        || privileges.owner_to_set(wanted, current).is_some()
        || privileges.group_to_set(wanted, current).is_some()
}
