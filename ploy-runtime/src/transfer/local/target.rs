//! What is at the destination of a copy, as far as the copy may touch it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::metadata::entry;
use super::monitor::CopyMonitor;
use super::problem::{Attempt, CopyProblem};
use crate::transfer::planner::destination::DestinationState;
use crate::transfer::planner::entry::TreeEntry;
use crate::transfer::planner::listing::Listing;
use crate::transfer::planner::options::PlanOptions;

/// What the destination is, links followed.
pub(super) fn state(destination: &Path) -> io::Result<DestinationState> {
    match fs::metadata(destination) {
        Ok(metadata) if metadata.is_dir() => Ok(DestinationState::Folder),
        Ok(_) => Ok(DestinationState::Other),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(DestinationState::Missing),
        Err(error) => Err(error),
    }
}

/// Lists what a folder has of the source. If the copy deletes, also all else in folders that the
/// source has too, but not what is in folders that are left out.
pub(super) fn list(
    folder: &Path,
    source: &Listing,
    options: &PlanOptions,
    monitor: &mut CopyMonitor,
) -> Listing {
    let mut target = TargetWalk {
        folder,
        source,
        options,
        listing: Listing::default(),
        monitor,
    };
    target.look_at_root();
    for (path, wanted) in source.iter() {
        if target.monitor.should_end() {
            break;
        }
        let parent = path.parent().and_then(|parent| target.listing.get(parent));
        if parent.is_some_and(TreeEntry::is_folder) && target.listing.get(path).is_none() {
            target.look_at(path);
        }
        let present = target.listing.get(path);
        let are_folders = wanted.is_folder() && present.is_some_and(TreeEntry::is_folder);
        if options.should_delete && are_folders {
            target.look_into(path);
        }
    }
    target.listing
}

struct TargetWalk<'a> {
    folder: &'a Path,
    source: &'a Listing,
    options: &'a PlanOptions,
    listing: Listing,
    monitor: &'a mut CopyMonitor,
}

impl TargetWalk<'_> {
    fn look_at_root(&mut self) {
        let found = fs::metadata(self.folder).and_then(|metadata| entry(self.folder, &metadata, 0));
        self.take(PathBuf::new(), found);
    }

    fn look_at(&mut self, path: &Path) {
        let whole = self.folder.join(path);
        let found = fs::symlink_metadata(&whole).and_then(|metadata| entry(&whole, &metadata, 0));
        self.take(path.to_owned(), found);
    }

    fn take(&mut self, path: PathBuf, found: io::Result<TreeEntry>) {
        match found {
            Ok(entry) => {
                self.listing.add(path, entry);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                let path = self.folder.join(path);
                self.monitor
                    .problem(CopyProblem::new(Attempt::LookAtDestination, &path, error));
            }
        }
    }

    /// Lists all in a folder that the source has too, and below it all that the source has not.
    fn look_into(&mut self, path: &Path) {
        let mut folders = vec![path.to_owned()];
        while let Some(folder) = folders.pop() {
            let whole = self.folder.join(&folder);
            let names = fs::read_dir(&whole).and_then(|entries| {
                entries
                    .map(|entry| Ok(entry?.file_name()))
                    .collect::<io::Result<Vec<_>>>()
            });
            let names = match names {
                Ok(names) => names,
                Err(error) => {
                    self.monitor.problem(CopyProblem::new(
                        Attempt::LookAtDestination,
                        &whole,
                        error,
                    ));
                    continue;
                }
            };
            for name in names {
                let below = folder.join(name);
                if self.listing.get(&below).is_none() {
                    self.look_at(&below);
                }
                let Some(present) = self.listing.get(&below) else {
                    continue;
                };
                let wanted = self.source.get(&below);
                // A folder of the source is looked into in its turn.
                let is_common = wanted.is_some_and(TreeEntry::is_folder);
                let is_protected = wanted.is_none() && self.options.protects(&below, true);
                if present.is_folder() && !is_common && !is_protected {
                    folders.push(below);
                }
            }
        }
    }
}
