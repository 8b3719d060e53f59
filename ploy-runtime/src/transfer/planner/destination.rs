//! To which path a source goes: into the destination, or in place of it.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::listing::Listing;

/// What the destination is, links followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::transfer) enum DestinationState {
    Missing,
    Folder,
    /// Neither missing nor a folder.
    Other,
}

/// Where the paths of a listing go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::transfer) enum Placement {
    /// Below this folder, which may have to be made.
    Into(PathBuf),
    /// There is one entry only, and it gets this name in this folder.
    As { folder: PathBuf, name: PathBuf },
}

/// Why nothing can go there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::transfer) enum PlacementError {
    #[error("the destination is no folder, and more than one file is to go there")]
    SeveralToOne,
    #[error("the destination is no folder, and a folder is to go there")]
    FolderToFile,
    #[error("the destination ends with a slash, and is no folder")]
    SlashAfterFile,
}

/// The name that a source has below the destination. `None` if it is what is in a folder that goes
/// there: `dist/`, `dist/.`, `dist/..`, `~`.
pub(in crate::transfer) fn name_below(source: &Path) -> Option<&OsStr> {
    let written = source.as_os_str().as_bytes();
    let is_contents = written == b"~"
        || [&b"/"[..], b"/.", b"/.."]
            .iter()
            .any(|end| written.ends_with(end));
    source.file_name().filter(|_| !is_contents)
}

/// Says where the entries of a source go. As with rsync, one entry alone gets the name of a
/// destination that is missing, also if it is an empty folder; several go into a folder.
pub(in crate::transfer) fn place(
    destination: &Path,
    state: DestinationState,
    source: &Listing,
) -> Result<Placement, PlacementError> {
    let has_slash = destination.as_os_str().as_bytes().ends_with(b"/");
    let into = || Ok(Placement::Into(destination.to_owned()));
    let only = source.only();
    match state {
        DestinationState::Folder => return into(),
        DestinationState::Missing if has_slash => return into(),
        DestinationState::Other if has_slash => return Err(PlacementError::SlashAfterFile),
        DestinationState::Missing | DestinationState::Other => {}
    }
    match (only, destination.parent(), destination.file_name()) {
        (Some(entry), _, _) if state == DestinationState::Other && entry.is_folder() => {
            Err(PlacementError::FolderToFile)
        }
        (Some(_), Some(folder), Some(name)) => Ok(Placement::As {
            folder: folder.to_owned(),
            name: name.into(),
        }),
        (None, _, _) if state == DestinationState::Other => Err(PlacementError::SeveralToOne),
        _ => into(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry::{Attributes, EntryKind, Timestamp, TreeEntry};
    use super::*;

    fn listing(paths: &[&str], kind: &EntryKind) -> Listing {
        let mut listing = Listing::default();
        for path in paths {
            let modified = Timestamp {
                seconds: 0,
                nanoseconds: 0,
            };
            let attributes = Attributes {
                mode: 0,
                modified,
                owner: 0,
                group: 0,
            };
            let entry = TreeEntry {
                kind: kind.clone(),
                attributes,
                source: 0,
            };
            listing.add(path.into(), entry);
        }
        listing
    }

    #[test]
    fn one_entry_gets_the_name_of_what_is_missing() {
        let file = listing(&["a"], &EntryKind::File { bytes: 1 });
        let two = listing(&["a", "b"], &EntryKind::File { bytes: 1 });
        let folder = listing(&["a"], &EntryKind::Folder);
        let at = |path: &str, state, source: &Listing| place(Path::new(path), state, source);
        let renamed = Ok(Placement::As {
            folder: "/x".into(),
            name: "y".into(),
        });
        let into = |path: &str| Ok(Placement::Into(path.into()));
        assert_eq!(at("/x/y", DestinationState::Missing, &file), renamed);
        assert_eq!(at("/x/y", DestinationState::Missing, &folder), renamed);
        assert_eq!(at("/x/y", DestinationState::Other, &file), renamed);
        assert_eq!(at("/x/y/", DestinationState::Missing, &file), into("/x/y/"));
        assert_eq!(at("/x/y", DestinationState::Missing, &two), into("/x/y"));
        assert_eq!(at("/x/y", DestinationState::Folder, &file), into("/x/y"));
        for (path, source, error) in [
            ("/x/y", &two, PlacementError::SeveralToOne),
            ("/x/y", &folder, PlacementError::FolderToFile),
            ("/x/y/", &file, PlacementError::SlashAfterFile),
        ] {
            assert_eq!(at(path, DestinationState::Other, source), Err(error));
        }
    }

    #[test]
    fn what_is_in_a_folder_has_no_name_of_its_own() {
        for source in ["/a/dist/", "/a/dist/.", "/a/dist/..", "/", "~", "~/"] {
            assert_eq!(name_below(Path::new(source)), None, "{source}");
        }
        for source in ["/a/dist", "/a/./dist", "/a/../dist"] {
            assert_eq!(name_below(Path::new(source)), Some(OsStr::new("dist")));
        }
    }
}
