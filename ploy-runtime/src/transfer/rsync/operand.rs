//! The paths on another host, as rsync is given them.

use std::ffi::OsString;

use crate::transfer::paths::from_login_directory;
use crate::transport::Connection;

/// A path behind the name of its host.
pub(super) fn remote(path: &str, connection: &Connection) -> OsString {
    let host = bracketed(&connection.destination.host);
    format!("{host}:{}", from_login_directory(path)).into()
}

/// The host as rsync takes it: an IPv6 address needs brackets, since a colon ends the host.
fn bracketed(host: &str) -> String {
    if host.contains(':') {
        format!("[{host}]")
    } else {
        host.to_owned()
    }
}

/// Escapes a path on another host. The remote rsync expands `*`, `?` and `[`, and takes a backslash
/// for an escape in a name that has one of these.
pub(super) fn literal(path: &str) -> String {
    let parts = path.split('/').map(|part| {
        if !part.contains(['*', '?', '[']) {
            return part.to_owned();
        }
        let escaped = part.chars().map(|c| match c {
            '*' | '?' | '[' | '\\' => format!("\\{c}"),
            c => c.to_string(),
        });
        escaped.collect()
    });
    parts.collect::<Vec<String>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_stands_for_itself() {
        assert_eq!(literal("/srv/a b/\\c"), "/srv/a b/\\c");
        assert_eq!(literal("/a\\b/c*\\d/e?[f]"), "/a\\b/c\\*\\\\d/e\\?\\[f]");
    }
}
