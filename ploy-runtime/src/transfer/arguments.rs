//! What rsync is given.

use std::ffi::OsString;
use std::path::Path;

use super::transfer::Way;
use super::{Transfer, rsync};
use crate::shell::quoted_path;
use crate::transport::Connection;

impl Transfer {
    /// All arguments of rsync but those with which it tells what it does.
    pub(super) fn arguments(&self, connection: Option<&Connection>) -> Vec<OsString> {
        let mut arguments = rsync::arguments(connection);
        if self.mirror {
            arguments.push("--delete".into());
        }
        arguments.extend(self.arguments.iter().cloned());
        if connection.is_some()
            && let Some(start) = self.start_there()
        {
            arguments.push(format!("--rsync-path={start}").into());
        }
        arguments.push("--".into());
        match self.way {
            Way::Up => {
                arguments.extend(self.sources.iter().map(|path| rsync::local_operand(path)));
                let destination = self.site_path(&self.destination);
                arguments.push(rsync::site_operand(&destination, connection));
            }
            Way::Down => {
                arguments.extend(self.sources.iter().map(|source| {
                    let mut path = self.site_path(source);
                    if connection.is_some() {
                        path = rsync::literal(&path);
                    }
                    rsync::site_operand(&path, connection)
                }));
                arguments.push(rsync::local_operand(&self.destination));
            }
        }
        arguments
    }

    /// How rsync is started on another host, if not just so: it goes to what `~` is, and makes folders, without a round
    /// trip of its own.
    fn start_there(&self) -> Option<String> {
        let ours = match self.way {
            Way::Up => std::slice::from_ref(&self.destination),
            Way::Down => &*self.sources,
        };
        let mut start = String::new();
        if ours
            .iter()
            .any(|path| self.site_path(path).starts_with('~'))
        {
            start.push_str("cd && ");
        }
        if self.way == Way::Up
            && let Some(parents) = parents(&self.site_path(&self.destination))
        {
            let parents = String::from_utf8_lossy(&quoted_path(parents)).into_owned();
            start.push_str(&format!("mkdir -p -- {parents} && "));
        }
        if start.is_empty() {
            return None;
        }
        let mut given = self.arguments.iter().rev();
        let program = given.find_map(|argument| argument.to_str()?.strip_prefix("--rsync-path="));
        Some(start + program.unwrap_or("rsync"))
    }

    /// A path on the site, as it hangs there. They are all in UTF-8.
    pub(super) fn site_path(&self, path: &Path) -> String {
        self.shell.resolve(&path.to_string_lossy())
    }
}

/// The folders that rsync does not make by itself: it makes only the last one of a path.
pub(super) fn parents(destination: &str) -> Option<&str> {
    let path = if destination.ends_with('/') {
        destination.trim_end_matches('/')
    } else {
        destination.rsplit_once('/')?.0
    };
    (!path.is_empty() && path != "~" && path != ".").then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_parents_are_those_above_the_last_part() {
        assert_eq!(parents("/srv/www/releases/5"), Some("/srv/www/releases"));
        assert_eq!(parents("/srv/www/"), Some("/srv/www"));
        assert_eq!(parents("~/a b/c"), Some("~/a b"));
        assert_eq!(parents("/srv"), None);
        assert_eq!(parents("x"), None);
    }
}
