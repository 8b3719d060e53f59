//! The socket at which a master serves its connection.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A socket at a path. A later master's socket at the same path is another.
#[derive(Clone, Debug)]
pub(crate) struct MasterSocket {
    path: PathBuf,
    id: Option<SocketId>,
}

/// Which file is at the path. A file system may reuse the number of an inode at once, so the time
/// counts too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct SocketId {
    device: u64,
    inode: u64,
    modified: (i64, i64),
}

impl MasterSocket {
    /// What is at this path now.
    pub(crate) fn at(path: &Path) -> Self {
        MasterSocket {
            path: path.to_owned(),
            id: socket_id(path),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether this socket is still at its path. A master removes its socket when it ends; one that
    /// was killed does not.
    pub(crate) fn is_current(&self) -> bool {
        self.id.is_some() && socket_id(&self.path) == self.id
    }
}

fn socket_id(path: &Path) -> Option<SocketId> {
    let found = fs::symlink_metadata(path).ok()?;
    // The time of the last change (`ctime`) will not do: ssh makes the socket under another name
    // and links it, which sets that time.
    Some(SocketId {
        device: found.dev(),
        inode: found.ino(),
        modified: (found.mtime(), found.mtime_nsec()),
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn a_later_socket_at_the_same_path_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master");
        assert!(!MasterSocket::at(&path).is_current());
        let first = UnixListener::bind(&path).unwrap();
        let socket = MasterSocket::at(&path);
        assert!(socket.is_current());
        drop(first);
        fs::remove_file(&path).unwrap();
        assert!(!socket.is_current());
        let _second = UnixListener::bind(&path).unwrap();
        assert!(!socket.is_current());
        assert!(MasterSocket::at(&path).is_current());
    }
}
