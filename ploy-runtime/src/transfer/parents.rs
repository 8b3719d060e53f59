//! The folders above a destination.

use std::path::PathBuf;

use super::paths;
use super::request::TransferRequest;
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

/// Makes the folders above the destination, if that is on this machine.
pub(super) async fn make_here(request: &TransferRequest) -> Result<(), Failure> {
    let Some(path) = to_make_here(request) else {
        return Ok(());
    };
    tokio::fs::create_dir_all(&path).await.map_err(|error| {
        Failure::new(
            Kind::Transfer,
            format!("cannot {request} on {}", request.site),
            format!("cannot make the folder {}: {error}", path.display()),
        )
    })
}

/// The folders above the destination, if that is on this machine and something is to be moved.
pub(super) fn to_make_here(request: &TransferRequest) -> Option<PathBuf> {
    if request.is_dry_run() {
        return None;
    }
    let destination = match request.destination_on_site() {
        Some(_) if !request.is_local => return None,
        Some(path) => paths::on_local_site(path),
        None => paths::here(&request.destination),
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
