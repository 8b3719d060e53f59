//! Raises the limit of open files: each command takes about five descriptors, and the usual limit
//! of 1,024 ends at some 200 commands.

use std::sync::OnceLock;

use rustix::process::{Resource, getrlimit, setrlimit};

/// The limit before it was raised, if it was.
static ORIGINAL_LIMIT: OnceLock<u64> = OnceLock::new();

/// Raises this process's limit as far as the system allows. Programs that it runs on this machine
/// get the old limit back: those that use `select` fail with a higher one.
pub fn raise_open_file_limit() {
    let mut limit = getrlimit(Resource::Nofile);
    let Some(before) = limit.current else { return };
    if limit.maximum.is_some_and(|maximum| maximum <= before) {
        return;
    }
    limit.current = limit.maximum;
    if setrlimit(Resource::Nofile, limit).is_ok() {
        let _ = ORIGINAL_LIMIT.set(before);
    }
}

/// A shell command that restores the old limit.
pub(super) fn restore_command() -> String {
    ORIGINAL_LIMIT
        .get()
        .map_or_else(String::new, |before| format!("ulimit -Sn {before}; "))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_command_gets_the_old_limit_back() {
        let before = getrlimit(Resource::Nofile).current;
        raise_open_file_limit();
        let limit = getrlimit(Resource::Nofile);
        assert_eq!(limit.current, limit.maximum);
        let script = format!("{}ulimit -Sn", restore_command());
        let output = Command::new("sh").args(["-c", &script]).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let before = before.map_or_else(|| "unlimited".to_owned(), |before| before.to_string());
        assert_eq!(said.trim(), before);
    }
}
