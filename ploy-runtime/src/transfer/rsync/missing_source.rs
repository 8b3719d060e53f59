//! Finds the missing source in the messages of rsync.

use std::path::Path;

use super::operand;
use crate::shell::Shell;
use crate::transfer::request::{Direction, TransferRequest};

/// The source that is missing, as the user wrote it, if rsync reports that one is.
pub(super) fn missing_source(request: &TransferRequest, said: &str) -> Option<String> {
    if !said.contains("No such file or directory") {
        return None;
    }
    let missing = match request.direction {
        // A dangling link exists: it is copied as a link.
        Direction::Upload => request
            .sources
            .iter()
            .find(|source| Shell::local_path(source).symlink_metadata().is_err()),
        Direction::Download => {
            let at = said
                .lines()
                .filter_map(missing_name)
                .find_map(|name| best(name, request.paths_on_site()))?;
            request.sources.get(at)
        }
    };
    missing.map(|source| source.display().to_string())
}

/// The missing path in a message such as `link_stat "/srv/x" failed: No such file or
/// directory (2)`.
fn missing_name(line: &str) -> Option<&str> {
    let of = ["link_stat ", "change_dir "];
    if !line.contains("No such file or directory") || !of.iter().any(|word| line.contains(word)) {
        return None;
    }
    let (_, name) = line.split_once('"')?;
    Some(name.rsplit_once('"')?.0)
}

/// Which of these paths is meant by a name: the one that equals it or the longest that it ends
/// with. Otherwise one that lies below it.
fn best(name: &str, paths: &[String]) -> Option<usize> {
    let below = |path: &str| {
        let path = path.strip_prefix("~/").unwrap_or(path);
        path.trim_start_matches("./")
            .trim_end_matches('/')
            .to_owned()
    };
    let is = |path: &str| !path.is_empty() && (name == path || name.ends_with(&format!("/{path}")));
    let paths = || paths.iter().map(|path| below(path)).enumerate();
    paths()
        .filter(|(_, path)| is(path) || is(&operand::literal(path)))
        .max_by_key(|(at, path)| (path.len(), std::cmp::Reverse(*at)))
        .or_else(|| {
            paths().find(|(_, path)| {
                Path::new(path)
                    .ancestors()
                    .skip(1)
                    .any(|above| above.to_str().is_some_and(is))
            })
        })
        .map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blamed(name: &str, paths: &[&str]) -> Option<usize> {
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        best(name, &paths)
    }

    #[test]
    fn the_source_that_is_named_is_blamed() {
        assert_eq!(
            blamed("/srv/www/log", &["/srv/log", "/srv/www/log"]),
            Some(1)
        );
        assert_eq!(blamed("/home/me/a/b", &["~/b", "a/b/", "~/c"]), Some(1));
        assert_eq!(blamed("/home/me/ab", &["b", "ab"]), Some(1));
        assert_eq!(blamed("/srv/x\\*", &["/srv/x", "/srv/x*"]), Some(1));
        assert_eq!(blamed("/srv/[x]", &["/srv/[x]/"]), Some(0));
        assert_eq!(
            blamed("/srv/gone", &["/srv/there", "/srv/gone/file"]),
            Some(1)
        );
        assert_eq!(blamed("/srv/x", &["/", "~/", "./"]), None);
    }

    #[test]
    fn the_name_stands_between_quotes() {
        let line =
            "rsync: [sender] link_stat \"/srv/a \"b\"\" failed: No such file or directory (2)";
        assert_eq!(missing_name(line), Some("/srv/a \"b\""));
        let line = "rsync: [sender] change_dir \"/srv\" failed: Permission denied (13)";
        assert_eq!(missing_name(line), None);
    }
}
