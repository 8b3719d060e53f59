//! The socket at which a master serves its connection.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A socket, told from that of a later master at the same path.
#[derive(Clone, Debug)]
pub(crate) struct Socket {
    path: PathBuf,
    id: Option<Id>,
}

/// Device, inode, and when it was made (s, ns): a file system may give the number of an inode again at once.
type Id = (u64, u64, i64, i64);

impl Socket {
    /// What is at this path now.
    pub(crate) fn at(path: &Path) -> Self {
        Socket {
            path: path.to_owned(),
            id: id(path),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it is still there. A master takes its socket with it when it ends; one that was killed does not.
    pub(crate) fn is_there(&self) -> bool {
        self.id.is_some() && id(&self.path) == self.id
    }
}

fn id(path: &Path) -> Option<Id> {
    let found = fs::symlink_metadata(path).ok()?;
    // ssh makes it by another name, and linking it changes the other time.
    let made = (found.mtime(), found.mtime_nsec());
    Some((found.dev(), found.ino(), made.0, made.1))
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn a_later_one_at_the_same_path_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master");
        assert!(!Socket::at(&path).is_there());
        let first = UnixListener::bind(&path).unwrap();
        let socket = Socket::at(&path);
        assert!(socket.is_there());
        drop(first);
        fs::remove_file(&path).unwrap();
        assert!(!socket.is_there());
        let _second = UnixListener::bind(&path).unwrap();
        assert!(!socket.is_there());
        assert!(Socket::at(&path).is_there());
    }
}
