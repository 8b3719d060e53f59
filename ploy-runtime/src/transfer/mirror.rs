//! Which destinations are never mirrored to, since all else in them is deleted.

use std::path::{Component, Path, PathBuf};

/// Why a mirror may not go to this path on a site; `base` is the site's `path`. `None` if it may.
pub(super) fn refusal_there(destination: &str, base: Option<&str>) -> Option<String> {
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
    let below = if is_home(&whole) { &whole[1..] } else { &whole };
    match depth(below.trim_start_matches('/')) {
        Some(0) => Some("it is the login directory".to_owned()),
        Some(_) => None,
        None => Some("it leads out of the login directory".to_owned()),
    }
}

/// Why a mirror may not go to this path on this machine.
pub(super) fn refusal_here(destination: &Path) -> Option<String> {
    if destination.as_os_str().is_empty() {
        return Some("the destination is empty".to_owned());
    }
    let current = std::env::current_dir().unwrap_or_default();
    let whole = plain(&current.join(destination));
    if whole.parent().is_none() {
        return Some("it is the root of all files".to_owned());
    }
    if current.starts_with(&whole) {
        return Some("the current directory is in it".to_owned());
    }
    match std::env::var_os("HOME") {
        Some(home) if Path::new(&home).starts_with(&whole) => {
            Some("the home directory is in it".to_owned())
        }
        _ => None,
    }
}

/// Whether what is mirrored lies in what it is mirrored to, both on this machine: it would be deleted itself.
pub(super) fn holds(destination: &Path, source: &Path) -> bool {
    let (destination, source) = (plain(destination), plain(source));
    source != destination && source.starts_with(destination)
}

/// The place to which rsync moves a source, and in which it deletes all else: the destination itself for what is in a
/// folder (`dist/`, `dist/.`, `dist/..`), the same name in it for all others.
pub(super) fn goes_to(destination: &Path, source: &Path) -> PathBuf {
    let written = source.as_os_str().as_encoded_bytes();
    let contents = [&b"/"[..], b"/.", b"/.."];
    match source.file_name() {
        Some(name) if !contents.iter().any(|end| written.ends_with(end)) => destination.join(name),
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

/// A path without `.` and `..`, as it is written: links are not looked at.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(refusal_there("..", Some("/srv/www")), None);
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
    fn here_too() {
        for destination in ["", ".", "./", "..", "/", "src/.."] {
            assert!(
                refusal_here(Path::new(destination)).is_some(),
                "{destination}"
            );
        }
        let home = std::env::var_os("HOME").unwrap();
        assert!(refusal_here(Path::new(&home)).is_some());
        assert_eq!(refusal_here(Path::new("logs")), None);
        assert_eq!(refusal_here(Path::new("/srv/backup/")), None);
    }

    #[test]
    fn a_source_in_its_own_destination_is_noticed() {
        assert!(holds(Path::new("/srv"), Path::new("/srv/dist/")));
        assert!(holds(Path::new("/srv/x/.."), Path::new("/srv/dist")));
        assert!(!holds(Path::new("/srv/dist"), Path::new("/srv/dist/")));
        assert!(!holds(Path::new("/srv/dist"), Path::new("/srv/dist2")));
    }

    #[test]
    fn the_contents_of_a_folder_go_to_the_destination_itself() {
        for source in ["/a/dist/", "/a/dist/.", "/a/dist/..", "/"] {
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
