//! The folders above a destination.

use std::path::PathBuf;

use super::transfer::Way;
use super::{Transfer, rsync};
use crate::error::{Failure, Kind};

/// The folders that rsync does not make by itself: it makes only the last one of a path.
pub(super) fn parents(destination: &str) -> Option<&str> {
    let path = if destination.ends_with('/') {
        destination.trim_end_matches('/')
    } else {
        destination.rsplit_once('/')?.0
    };
    (!path.is_empty() && path != "~" && path != ".").then_some(path)
}

impl Transfer {
    /// Makes the folders above the destination, if that is on this machine and the login user's.
    pub(super) async fn make_parents_here(
        &self,
        connected: bool,
        shown: &str,
    ) -> Result<(), Failure> {
        let is_others = !connected && self.shell.sudo_options(self.user.as_deref())?.is_some();
        let Some(path) = self.parents_here(connected).filter(|_| !is_others) else {
            return Ok(());
        };
        tokio::fs::create_dir_all(&path).await.map_err(|error| {
            Failure::new(
                Kind::Transfer,
                format!("cannot {shown} on {}", self.shell.name()),
                format!("cannot make the folder {}: {error}", path.display()),
            )
        })
    }

    /// The folders above the destination, if that is on this machine and something is to be moved.
    pub(super) fn parents_here(&self, connected: bool) -> Option<PathBuf> {
        if self.is_dry_run() {
            return None;
        }
        let destination = match self.way {
            Way::Up if connected => return None,
            Way::Up => rsync::site_operand(&self.site_path(&self.destination), None),
            Way::Down => rsync::local_operand(&self.destination),
        };
        // A path that is not in UTF-8 has the same slashes when it is read lossily.
        let text = destination.to_string_lossy();
        let parents = parents(&text)?;
        Some(if text.len() == destination.len() {
            PathBuf::from(parents)
        } else {
            let path = PathBuf::from(&destination);
            path.parent().map_or_else(PathBuf::new, Into::into)
        })
    }
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
