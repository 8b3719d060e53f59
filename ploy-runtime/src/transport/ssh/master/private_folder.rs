//! A temporary folder for the socket of a connection that is not kept.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::connect_error::{ConnectError, ConnectErrorKind};
use super::socket_dir::{MAX_SOCKET_PATH, is_safe_parent};

/// A fresh folder for the socket of a connection that is ours alone. Only this user can enter it.
pub(crate) fn private_folder() -> Result<TempDir, ConnectError> {
    make_folder().map_err(|error| {
        let cause = format!("cannot make a folder for the ssh socket: {error}");
        ConnectError::new(ConnectErrorKind::NoSocket, cause)
    })
}

/// A fresh folder whose path is short enough for a socket.
fn make_folder() -> std::io::Result<TempDir> {
    let candidates = [
        std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from),
        Some(std::env::temp_dir()),
    ];
    let user = rustix::process::getuid().as_raw();
    let can_hold_socket = |parent: &Path| {
        parent.is_absolute()
            && parent.as_os_str().len() + "/ploy-XXXXXX/master".len() <= MAX_SOCKET_PATH
            && is_safe_parent(parent, user)
    };
    let mut builder = tempfile::Builder::new();
    builder
        .prefix("ploy-")
        .permissions(Permissions::from_mode(0o700));
    let parents = candidates.into_iter().flatten();
    for parent in parents.filter(|parent| can_hold_socket(parent)) {
        if let Ok(directory) = builder.tempdir_in(parent) {
            return Ok(directory);
        }
    }
    builder.tempdir_in("/tmp")
}
