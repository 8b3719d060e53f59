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
