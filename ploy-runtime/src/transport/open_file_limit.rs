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

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn what_runs_here_keeps_the_limit_that_was_there() {
        let before = getrlimit(Resource::Nofile).current;
        raise();
        let limit = getrlimit(Resource::Nofile);
        assert_eq!(limit.current, limit.maximum);
        let script = format!("{}ulimit -Sn", restore());
        let output = Command::new("sh").args(["-c", &script]).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let before = before.map_or_else(|| "unlimited".to_owned(), |before| before.to_string());
        assert_eq!(said.trim(), before);
    }
}
