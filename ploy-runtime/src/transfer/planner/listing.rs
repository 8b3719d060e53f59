//! What there is in a source or a destination, by relative paths.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::{Path, PathBuf};

use super::entry::TreeEntry;

/// Entries by their paths below the destination. The empty path is the destination's folder itself.
///
/// Paths are ordered by their components, so a folder comes right before all that is in it.
#[derive(Clone, Debug, Default)]
pub(in crate::transfer) struct Listing {
    entries: BTreeMap<PathBuf, TreeEntry>,
}

impl Listing {
    pub(in crate::transfer) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(in crate::transfer) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(in crate::transfer) fn get(&self, path: &Path) -> Option<&TreeEntry> {
        self.entries.get(path)
    }

    /// Adds an entry. Where several sources have one path, the first of them counts, but a folder
    /// counts before what is none. Whether the entry was taken.
    pub(in crate::transfer) fn add(&mut self, path: PathBuf, entry: TreeEntry) -> bool {
        match self.entries.get(&path) {
            Some(present) if present.is_folder() || !entry.is_folder() => false,
            _ => {
                self.entries.insert(path, entry);
                true
            }
        }
    }

    pub(in crate::transfer) fn iter(&self) -> impl DoubleEndedIterator<Item = (&Path, &TreeEntry)> {
        self.entries
            .iter()
            .map(|(path, entry)| (path.as_path(), entry))
    }

    /// What lies below a path, at whatever depth.
    pub(super) fn below<'a>(
        &'a self,
        path: &'a Path,
    ) -> impl Iterator<Item = (&'a Path, &'a TreeEntry)> {
        self.entries
            .range::<Path, _>((Bound::Excluded(path), Bound::Unbounded))
            .map(|(path, entry)| (path.as_path(), entry))
            .take_while(move |(below, _)| below.starts_with(path))
    }

    /// The entry of a listing that has one only.
    pub(super) fn only(&self) -> Option<&TreeEntry> {
        (self.len() == 1).then(|| self.entries.values().next())?
    }

    /// A listing with one entry only, which has another name.
    pub(in crate::transfer) fn renamed(self, name: PathBuf) -> Self {
        debug_assert!(
            self.len() == 1,
            "one path cannot be that of several entries"
        );
        let first = self.entries.into_values().next();
        Listing {
            entries: first.map(|entry| (name, entry)).into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry::{Attributes, EntryKind, Timestamp};
    use super::*;

    fn entry(kind: EntryKind) -> TreeEntry {
        let modified = Timestamp {
            seconds: 0,
            nanoseconds: 0,
        };
        let attributes = Attributes {
            mode: 0o644,
            modified,
            owner: 0,
            group: 0,
        };
        TreeEntry {
            kind,
            attributes,
            source: 0,
        }
    }

    #[test]
    fn a_folder_counts_before_a_file_and_else_the_first() {
        let mut listing = Listing::default();
        let file = |bytes| entry(EntryKind::File { bytes });
        assert!(listing.add("a".into(), file(1)));
        assert!(!listing.add("a".into(), file(2)));
        assert!(listing.add("a".into(), entry(EntryKind::Folder)));
        assert!(!listing.add("a".into(), entry(EntryKind::Folder)));
        assert!(!listing.add("a".into(), file(3)));
        assert!(listing.get(Path::new("a")).unwrap().is_folder());
    }

    #[test]
    fn what_is_below_a_folder_comes_right_behind_it() {
        let mut listing = Listing::default();
        for path in ["a", "a-b", "a/x", "a/x/y", "b"] {
            listing.add(path.into(), entry(EntryKind::Folder));
        }
        let below: Vec<_> = listing
            .below(Path::new("a"))
            .map(|(path, _)| path)
            .collect();
        assert_eq!(below, [Path::new("a/x"), Path::new("a/x/y")]);
        assert_eq!(listing.below(Path::new("")).count(), 5);
    }
}
