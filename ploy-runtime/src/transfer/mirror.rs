//! Which destinations are never mirrored to, since all else in them is deleted.

use std::path::{Path, PathBuf};

/// Why a mirror may not go to this path on a site; `base` is the site's `path`, and `hangs_on` what relative paths hang on
/// without one: the login directory, or the current one of this machine. `None` if it may.
pub(super) fn refusal_there(
    destination: &str,
    base: Option<&str>,
    hangs_on: &str,
) -> Option<String> {
    if destination.is_empty() {
        return Some("the destination is empty".to_owned());
    }
    let whole = match base {
        Some(base) if !destination.starts_with('/') && !is_home(destination) => {
            format!("{base}/{destination}")
        }
        _ => destination.to_owned(),
    };
    if whole.starts_with('/') {
        return (depth(&whole) == Some(0)).then(|| "it is the root of all files".to_owned());
    }
    let (below, from) = if is_home(&whole) {
        (&whole[1..], "the login directory")
    } else {
        (&*whole, hangs_on)
    };
    match depth(below.trim_start_matches('/')) {
        Some(0) => Some(format!("it is {from}")),
        Some(_) => None,
        None => Some(format!("it leads out of {from}")),
    }
}

/// Whether the `path` of a site lies in a place on it, and is not that place; as both are written.
pub(super) fn is_above(place: &str, base: &str) -> bool {
    let (place, base) = (parts(place), parts(base));
    place.0 == base.0 && place.1.len() < base.1.len() && base.1.starts_with(&place.1)
}

/// Whether a path is absolute, and its names without `.` and `..`. A relative one hangs on the login directory.
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

/// The place to which rsync moves a source, and in which it deletes all else: the destination itself for what is in a
/// folder (`dist/`, `dist/.`, `dist/..`, `~`), the same name in it for all others.
pub(super) fn goes_to(destination: &Path, source: &Path) -> PathBuf {
    let written = source.as_os_str().as_encoded_bytes();
    let contents = [&b"/"[..], b"/.", b"/.."];
    match source.file_name() {
        Some(name) if written != b"~" && !contents.iter().any(|end| written.ends_with(end)) => {
            destination.join(name)
        }
        _ => destination.to_owned(),
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

    fn refusal_there(destination: &str, base: Option<&str>) -> Option<String> {
        super::refusal_there(destination, base, "the login directory")
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
            assert!(refusal_there(destination, None).is_some(), "{destination}");
        }
        for destination in ["/srv", "/srv/www/..", "~/www", "www", "./www", "a/../b"] {
            assert_eq!(refusal_there(destination, None), None, "{destination}");
        }
    }

    #[test]
    fn a_relative_one_hangs_on_the_sites_path() {
        assert_eq!(refusal_there(".", Some("/srv/www")), None);
        assert_eq!(refusal_there("../www", Some("/srv/www")), None);
        for (destination, base) in [
            ("", "/srv/www"),
            ("../..", "/srv/www"),
            (".", "/"),
            ("~", "/srv/www"),
            ("..", "~/www"),
            (".", "."),
        ] {
            assert!(
                refusal_there(destination, Some(base)).is_some(),
                "{destination}"
            );
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
