//! Where connections are kept for the next run.

use ploy_runtime::transport::SocketDir;

use crate::ci::is_ci;

/// The folder to keep connections in, unless they are not to be kept. Nobody comes back to a
/// machine of CI. Without a folder that is safe they are not kept either: the next run is only
/// slower.
pub(crate) fn socket_dir(no_keep: bool) -> Option<SocketDir> {
    if no_keep || is_ci() {
        return None;
    }
    SocketDir::open().ok()
}
