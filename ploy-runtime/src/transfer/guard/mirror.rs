//! Which destinations a mirror refuses, judged by their paths as written.

use std::path::{Path, PathBuf};

use super::refusal::MirrorRefusal;
use crate::transfer::planner::destination::name_below;
use crate::transfer::request::BaseFolder;

/// Why a mirror may not go to this path on a site; `base` is the site's `path`, and `folder` what
/// relative paths hang on without one. `None` if it may.
pub(super) fn refusal(
    destination: &str,
    base: Option<&str>,
    folder: BaseFolder,
) -> Option<MirrorRefusal> {
    if destination.is_empty() {
        return Some(MirrorRefusal::EmptyDestination);
    }
    let whole = match base {
        Some(base) if !destination.starts_with('/') && !is_home(destination) => {
            format!("{base}/{destination}")
        }
        _ => destination.to_owned(),
    };
    if whole.starts_with('/') {
        return (depth(&whole) == Some(0)).then_some(MirrorRefusal::Root);
    }
    let (below, from) = if is_home(&whole) {
        (&whole[1..], BaseFolder::Login)
    } else {
        (&*whole, folder)
    };
    match depth(below.trim_start_matches('/')) {
        Some(0) => Some(MirrorRefusal::IsBase(from)),
        Some(_) => None,
        None => Some(MirrorRefusal::LeadsOut(from)),
    }
}

/// Whether the `path` of a site lies below a folder, judged by both paths as written.
pub(super) fn is_above(place: &str, base: &str) -> bool {
    let (place, base) = (parts(place), parts(base));
    place.0 == base.0 && place.1.len() < base.1.len() && base.1.starts_with(&place.1)
}

/// Whether a path is absolute, and its names without `.` and `..`. A relative one hangs on the
/// login directory.
fn parts(path: &str) -> (bool, Vec<&str>) {
    let below = if is_home(path) { &path[1..] } else { path };
    let mut parts = Vec::new();
    for part in below.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    (path.starts_with('/'), parts)
}

/// The place to which a source goes, and in which all else is deleted: the destination itself for
/// what is in a folder, the same name in it for all others.
pub(in crate::transfer) fn goes_to(destination: &Path, source: &Path) -> PathBuf {
    match name_below(source) {
        Some(name) => destination.join(name),
        None => destination.to_owned(),
    }
}

fn is_home(path: &str) -> bool {
    path == "~" || path.starts_with("~/")
}

/// How far below its beginning a path leads; `None` if a relative one leads above it on its way.
fn depth(path: &str) -> Option<usize> {
    let absolute = path.starts_with('/');
    path.split('/').try_fold(0_usize, |depth, part| match part {
        "" | "." => Some(depth),
        ".." if absolute => Some(depth.saturating_sub(1)),
        ".." => depth.checked_sub(1),
        _ => Some(depth + 1),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(destination: &str, base: Option<&str>) -> Option<MirrorRefusal> {
        super::refusal(destination, base, BaseFolder::Login)
    }

    #[test]
    fn what_is_too_much_to_mirror_to_is_refused() {
        for destination in [
            "",
            "/",
            "//",
            "/.",
            "/..",
            "/srv/..",
            "/srv/../",
            "/a/b/../../..",
            "~",
            "~/",
            "~/.",
            "~/..",
            "~/a/..",
            "~//",
            "~/../other",
            ".",
            "./",
            "a/..",
            "..",
            "../a",
            "./..",
        ] {
            assert!(refusal(destination, None).is_some(), "{destination}");
        }
        for destination in ["/srv", "/srv/www/..", "~/www", "www", "./www", "a/../b"] {
            assert_eq!(refusal(destination, None), None, "{destination}");
        }
    }

    #[test]
    fn a_relative_one_hangs_on_the_sites_path() {
        assert_eq!(refusal(".", Some("/srv/www")), None);
        assert_eq!(refusal("../www", Some("/srv/www")), None);
        for (destination, base) in [
            ("", "/srv/www"),
            ("../..", "/srv/www"),
            (".", "/"),
            ("~", "/srv/www"),
            ("..", "~/www"),
            (".", "."),
        ] {
            assert!(refusal(destination, Some(base)).is_some(), "{destination}");
        }
    }

    #[test]
    fn what_is_above_the_sites_path_is_known() {
        for (place, base) in [
            ("/srv", "/srv/www"),
            ("/srv/www/..", "/srv/www"),
            ("/", "/srv"),
            ("~/a", "~/a/b"),
            ("a/", "~/a/b"),
        ] {
            assert!(is_above(place, base), "{place} {base}");
        }
        for (place, base) in [
            ("/srv/www", "/srv/www/"),
            ("/srv/www/x", "/srv/www"),
            ("/srv/ww", "/srv/www"),
            ("/a", "~/a/b"),
        ] {
            assert!(!is_above(place, base), "{place} {base}");
        }
    }

    #[test]
    fn the_contents_of_a_folder_go_to_the_destination_itself() {
        for source in ["/a/dist/", "/a/dist/.", "/a/dist/..", "/", "~", "~/"] {
            assert_eq!(
                goes_to(Path::new("/srv"), Path::new(source)),
                Path::new("/srv"),
                "{source}"
            );
        }
        for source in ["/a/dist", "/a/./dist", "/a/../dist"] {
            assert_eq!(
                goes_to(Path::new("/srv"), Path::new(source)),
                Path::new("/srv/dist"),
                "{source}"
            );
        }
        let hidden = goes_to(Path::new("/srv"), Path::new("/a/.dist."));
        assert_eq!(hidden, Path::new("/srv/.dist."));
    }
}
