//! What is in the sources of a copy.

use std::fs;
use std::path::{Path, PathBuf};

use super::metadata::entry;
use super::monitor::CopyMonitor;
use super::problem::{Attempt, CopyProblem};
use crate::transfer::planner::destination::name_below;
use crate::transfer::planner::filter::Filter;
use crate::transfer::planner::listing::Listing;

/// One source: where it is, and its path below the destination.
#[derive(Clone, Debug)]
pub(super) struct SourceRoot {
    path: PathBuf,
    /// Empty if it is what is in the folder that goes there.
    below: PathBuf,
}

impl SourceRoot {
    pub(super) fn new(path: PathBuf) -> Self {
        let below = name_below(&path).map(PathBuf::from).unwrap_or_default();
        SourceRoot { path, below }
    }

    /// The same, which gets another name at the destination.
    pub(super) fn renamed(self, name: PathBuf) -> Self {
        SourceRoot {
            below: name,
            ..self
        }
    }

    /// Where something is that has this path below the destination.
    pub(super) fn path_of(&self, below: &Path) -> PathBuf {
        match below.strip_prefix(&self.below) {
            Ok(rest) if !rest.as_os_str().is_empty() => self.path.join(rest),
            _ => self.path.clone(),
        }
    }
}

/// Lists all sources as one. What cannot be read is told; the rest is listed.
pub(super) fn list(roots: &[SourceRoot], filter: &Filter, monitor: &mut CopyMonitor) -> Listing {
    let mut listing = Listing::default();
    for (source, root) in roots.iter().enumerate() {
        let is_contents = root.below.as_os_str().is_empty();
        // A link is followed only if it is to what is in a folder.
        let metadata = if is_contents {
            fs::metadata(&root.path)
        } else {
            fs::symlink_metadata(&root.path)
        };
        let found = metadata.and_then(|metadata| entry(&root.path, &metadata, source));
        let entry = match found {
            Ok(entry) => entry,
            Err(error) => {
                monitor.problem(CopyProblem::new(Attempt::ReadSource, &root.path, error));
                continue;
            }
        };
        let is_folder = entry.is_folder();
        if !is_contents && filter.is_excluded(&root.below, is_folder) {
            continue;
        }
        listing.add(root.below.clone(), entry);
        if is_folder {
            let mut walk = SourceWalk {
                root,
                source,
                filter,
                listing: &mut listing,
                monitor,
            };
            walk.folders();
        }
    }
    listing
}

struct SourceWalk<'a> {
    root: &'a SourceRoot,
    source: usize,
    filter: &'a Filter,
    listing: &'a mut Listing,
    monitor: &'a mut CopyMonitor,
}

impl SourceWalk<'_> {
    /// Lists the root's folder and all below it. Without recursion: paths may be deep.
    fn folders(&mut self) {
        let mut folders = vec![self.root.below.clone()];
        while let Some(folder) = folders.pop() {
            if self.monitor.should_end() {
                return;
            }
            let path = self.root.path_of(&folder);
            let entries = match fs::read_dir(&path) {
                Ok(entries) => entries,
                Err(error) => {
                    self.monitor
                        .problem(CopyProblem::new(Attempt::ReadSource, &path, error));
                    continue;
                }
            };
            for found in entries {
                match found {
                    Ok(found) => folders.extend(self.take(&folder, &found)),
                    Err(error) => {
                        self.monitor
                            .problem(CopyProblem::new(Attempt::ReadSource, &path, error));
                        break;
                    }
                }
            }
        }
    }

    /// Lists one path. Its path below the destination if it is a folder.
    fn take(&mut self, folder: &Path, found: &fs::DirEntry) -> Option<PathBuf> {
        let below = folder.join(found.file_name());
        let path = found.path();
        let is_folder = found.file_type().is_ok_and(|kind| kind.is_dir());
        if self.filter.is_excluded(&below, is_folder) {
            return None;
        }
        let listed = found
            .metadata()
            .and_then(|metadata| entry(&path, &metadata, self.source));
        match listed {
            Ok(entry) => {
                let is_folder = entry.is_folder();
                self.listing.add(below.clone(), entry);
                is_folder.then_some(below)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                self.monitor.problem(CopyProblem::Vanished(path));
                None
            }
            Err(error) => {
                self.monitor
                    .problem(CopyProblem::new(Attempt::ReadSource, &path, error));
                None
            }
        }
    }
}
