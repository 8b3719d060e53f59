//! Paths as a carrier is given them: never taken for an option or for a host.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::request::{Direction, TransferRequest};
use crate::shell::Shell;

/// A path on this machine, whole, with the slash at its end that it has.
pub(super) fn here(path: &Path) -> OsString {
    let joined = Shell::local_path(path);
    let mut operand = joined.into_os_string();
    // `join` drops the slash at the end, which means "the contents of" to rsync.
    if path.as_os_str().as_encoded_bytes().ends_with(b"/")
        && !operand.as_encoded_bytes().ends_with(b"/")
    {
        operand.push("/");
    }
    operand
}

/// The path on a site which is this machine.
pub(super) fn on_local_site(path: &str) -> OsString {
    let below = if path == "~" {
        // What is in it, as on another host.
        Some(".")
    } else {
        path.strip_prefix("~/")
    };
    match (below, std::env::var_os("HOME")) {
        (Some(below), Some(home)) => Path::new(&home).join(below).into_os_string(),
        (Some(below), None) => dotted(below).into(),
        (None, _) => dotted(path).into(),
    }
}

/// A path on another host for a program that runs in the login directory and does not know `~`, as
/// rsync behind secluded arguments.
pub(super) fn from_login_directory(path: &str) -> String {
    dotted(
        path.strip_prefix("~/")
            .unwrap_or(if path == "~" { "." } else { path }),
    )
}

/// A path that begins with neither `-` nor anything with a colon in it, nor with two slashes:
/// behind a host of that name they make `rsync://`.
fn dotted(path: &str) -> String {
    if path.starts_with('/') {
        format!("/{}", path.trim_start_matches('/'))
    } else {
        format!("./{path}")
    }
}

/// The sources and the destination of a transfer whose two sides are this machine.
pub(super) fn both_here(request: &TransferRequest) -> (Vec<PathBuf>, PathBuf) {
    let on_site = request.paths_on_site().iter();
    let mut on_site: Vec<PathBuf> = on_site.map(|path| on_local_site(path).into()).collect();
    match request.direction {
        Direction::Upload => {
            let sources = request.sources.iter().map(|path| here(path).into());
            // An upload has one path on the site.
            (sources.collect(), on_site.pop().unwrap_or_default())
        }
        Direction::Download => (on_site, here(&request.destination).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_neither_options_nor_hosts() {
        assert_eq!(on_local_site("-x"), "./-x");
        assert_eq!(on_local_site("host:file"), "./host:file");
        assert_eq!(on_local_site("/srv"), "/srv");
        assert_eq!(on_local_site("//srv//x/"), "/srv//x/");
        assert_eq!(on_local_site("//"), "/");
        let whole = here(Path::new("dist/"));
        assert!(whole.as_encoded_bytes().ends_with(b"/dist/"));
    }

    #[test]
    fn the_login_directory_is_found_here_and_there() {
        let home = std::env::var_os("HOME").unwrap();
        let home = Path::new(&home);
        assert_eq!(on_local_site("~"), home.join(".").as_os_str());
        assert_eq!(on_local_site("~/x/"), home.join("x/").as_os_str());
        assert_eq!(from_login_directory("~"), "./.");
        assert_eq!(from_login_directory("~/x"), "./x");
        assert_eq!(from_login_directory("~x"), "./~x");
    }
}
