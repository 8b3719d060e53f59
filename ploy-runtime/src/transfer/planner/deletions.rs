//! What may be deleted of a destination.

use std::collections::HashSet;
use std::path::Path;

use super::entry::TreeEntry;
use super::options::PlanOptions;
use super::step::TransferStep;

/// What is to be deleted of the entries of a destination, which come folders first.
pub(super) struct DeletionSet<'a> {
    options: &'a PlanOptions,
    entries: Vec<(&'a Path, bool)>,
    /// The last path that is left out, and so protected with all that is in it.
    protected: Option<&'a Path>,
    /// Folders in which something is protected.
    kept: HashSet<&'a Path>,
}

impl<'a> DeletionSet<'a> {
    pub(super) fn new(options: &'a PlanOptions) -> Self {
        DeletionSet {
            options,
            entries: Vec::new(),
            protected: None,
            kept: HashSet::new(),
        }
    }

    pub(super) fn look_at(&mut self, path: &'a Path, entry: &TreeEntry) {
        if self
            .protected
            .is_some_and(|folder| path.starts_with(folder))
        {
            return;
        }
        if self.options.protects(path, entry.is_folder()) {
            self.protected = Some(path);
            self.kept.extend(path.ancestors().skip(1));
        } else {
            self.entries.push((path, entry.is_folder()));
        }
    }

    /// The deepest first.
    pub(super) fn steps(self) -> Vec<TransferStep<'a>> {
        let entries = self.entries.into_iter().rev();
        entries
            .filter(|(path, _)| !self.kept.contains(path))
            .map(|(path, is_folder)| TransferStep::Delete { path, is_folder })
            .collect()
    }
}
