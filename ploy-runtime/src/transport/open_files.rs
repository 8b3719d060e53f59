//! How many files may be open: each command takes about five, and the usual limit of 1,024 ends at some 200 commands.

use std::sync::OnceLock;

use rustix::process::{Resource, getrlimit, setrlimit};

/// The limit that was there before, if it was raised.
static BEFORE: OnceLock<u64> = OnceLock::new();

/// Raises this process's limit as far as the system lets it. What it runs on this machine gets the old one: programs
/// that use `select` fail with more.
pub(crate) fn raise() {
    let mut limit = getrlimit(Resource::Nofile);
    let Some(before) = limit.current else { return };
    if limit.maximum.is_some_and(|maximum| maximum <= before) {
        return;
    }
    limit.current = limit.maximum;
    if setrlimit(Resource::Nofile, limit).is_ok() {
        let _ = BEFORE.set(before);
    }
}

/// What restores the limit that was there before, in the script of a command.
pub(super) fn restore() -> String {
    BEFORE
        .get()
        .map_or_else(String::new, |before| format!("ulimit -Sn {before}; "))
}
