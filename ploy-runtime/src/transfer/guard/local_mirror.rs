//! Which destinations on this machine a mirror refuses, with links followed.

use std::collections::HashSet;
use std::env;
use std::path::{Component, Path, PathBuf};

use super::mirror::goes_to;
use super::refusal::MirrorRefusal;

/// A path in a form in which it can be compared.
type Look = fn(&Path) -> PathBuf;

/// As written, and with links followed. Both are checked because a link may change before the
/// transfer follows it.
const LOOKS: [Look; 2] = [plain, real];

/// Why nothing may be mirrored to this path on this machine; `base` is the `path` of a site which
/// is this machine. `None` if it may.
pub(super) fn refusal(destination: &Path, base: Option<&Path>) -> Option<MirrorRefusal> {
    if destination.as_os_str().is_empty() {
        return Some(MirrorRefusal::EmptyDestination);
    }
    let current = env::current_dir().unwrap_or_default();
    let home = env::var_os("HOME").filter(|home| !home.is_empty());
    let home = home.map(|home| current.join(home));
    let base = base.map(|base| current.join(base));
    LOOKS.iter().find_map(|look| {
        let whole = look(&current.join(destination));
        let holds = |path: Option<&Path>| path.is_some_and(|path| look(path).starts_with(&whole));
        let why = if whole.parent().is_none() {
            MirrorRefusal::Root
        } else if holds(Some(&current)) {
            MirrorRefusal::HoldsCurrent
        } else if holds(home.as_deref()) {
            MirrorRefusal::HoldsHome
        } else if base.as_deref().is_some_and(|base| look(base) != whole) && holds(base.as_deref())
        {
            MirrorRefusal::HoldsSitePath
        } else {
            return None;
        };
        Some(why)
    })
}

/// Why sources may not be mirrored to this destination if all of them are on this machine, by
/// absolute paths: the one lies in the other. `None` if they may. What is copied into a folder
/// below itself is copied again and again, unless something is excluded.
pub(super) fn refusal_between(
    destination: &Path,
    sources: &[PathBuf],
    excludes: bool,
) -> Option<MirrorRefusal> {
    LOOKS.iter().find_map(|look| {
        let is_below = |path: &Path, folders: &HashSet<PathBuf>| {
            path.ancestors()
                .skip(1)
                .any(|above| folders.contains(above))
        };
        let place = |source: &PathBuf| look(&goes_to(destination, source));
        let places: HashSet<PathBuf> = sources.iter().map(place).collect();
        // A source that is copied onto itself is not deleted.
        let lost = |source: &PathBuf| {
            let path = look(source);
            place(source) != path && is_below(&path, &places)
        };
        if sources.iter().any(lost) {
            return Some(MirrorRefusal::HoldsSource);
        }
        let sources: HashSet<PathBuf> = sources.iter().map(|source| look(source)).collect();
        (!excludes && places.iter().any(|place| is_below(place, &sources)))
            .then_some(MirrorRefusal::LiesInSource)
    })
}

/// A path without `.` and `..`, as it is written.
fn plain(path: &Path) -> PathBuf {
    walk(path, |_| None)
}

/// The path to which links lead, as far as there is anything.
fn real(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| walk(path, |so_far| so_far.canonicalize().ok()))
}

fn walk(path: &Path, follow: impl Fn(&Path) -> Option<PathBuf>) -> PathBuf {
    let mut so_far = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                so_far.pop();
            }
            part => {
                so_far.push(part);
                if let Some(real) = follow(&so_far) {
                    so_far = real;
                }
            }
        }
    }
    so_far
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn between(destination: &str, sources: &[&str]) -> Option<MirrorRefusal> {
        let sources: Vec<_> = sources.iter().map(PathBuf::from).collect();
        refusal_between(Path::new(destination), &sources, false)
    }

    #[test]
    fn what_is_in_use_is_refused() {
        for destination in ["", ".", "./", "..", "/", "src/.."] {
            assert!(
                refusal(Path::new(destination), None).is_some(),
                "{destination}"
            );
        }
        let home = env::var_os("HOME").unwrap();
        assert!(refusal(Path::new(&home), None).is_some());
        assert_eq!(refusal(Path::new("logs"), None), None);
        let backup = Path::new("/srv/backup/");
        assert_eq!(refusal(backup, None), None);
        assert_eq!(refusal(backup, Some(backup)), None);
        assert_eq!(
            refusal(backup, Some(Path::new("/srv/backup/www"))).unwrap(),
            MirrorRefusal::HoldsSitePath
        );
    }

    #[test]
    fn links_are_followed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("app/dist")).unwrap();
        symlink(at("app"), at("link")).unwrap();
        symlink(env::current_dir().unwrap(), at("current")).unwrap();
        symlink("/", at("root")).unwrap();
        for (name, why) in [
            ("current", MirrorRefusal::HoldsCurrent),
            ("missing/../current", MirrorRefusal::HoldsCurrent),
            ("root", MirrorRefusal::Root),
        ] {
            assert_eq!(refusal(&at(name), None).unwrap(), why, "{name}");
        }
        assert_eq!(refusal(&at("link"), None), None);
        assert!(refusal(&at("link"), Some(&at("app/dist"))).is_some());
        for (destination, source) in [("link", "app/dist/"), ("app", "link/dist/")] {
            let sources = [at(source)];
            assert_eq!(
                refusal_between(&at(destination), &sources, false).unwrap(),
                MirrorRefusal::HoldsSource
            );
        }
        assert_eq!(real(&at("link/new/../x")), real(&at("app")).join("x"));
    }

    #[test]
    fn a_source_in_its_own_destination_is_noticed() {
        for (destination, source) in [
            ("/srv", "/srv/dist/"),
            ("/srv/x/..", "/srv/dist/"),
            ("/srv", "/srv/srv/srv/srv/."),
            ("/", "/srv/srv"),
        ] {
            let why = between(destination, &[source]);
            assert_eq!(why, Some(MirrorRefusal::HoldsSource), "{source}");
        }
        for (destination, source) in [
            ("/srv/dist", "/srv/dist/"),
            ("/srv/dist", "/srv/dist2/"),
            ("/srv", "/srv/dist"),
        ] {
            assert_eq!(between(destination, &[source]), None, "{source}");
        }
    }

    #[test]
    fn one_source_may_be_in_the_way_of_another() {
        let why = between("/s/D", &["/s/A/", "/s/D/x/B"]);
        assert_eq!(why, Some(MirrorRefusal::HoldsSource));
        // This one is moved onto itself, so it stays.
        assert_eq!(between("/s/D", &["/s/A/", "/s/D/x"]), None);
        assert_eq!(between("/s/D", &["/s/A", "/s/D/x/B"]), None);
    }

    #[test]
    fn a_destination_in_its_own_source_is_noticed() {
        for (destination, source) in [("/srv/app/dist", "/srv/app/"), ("/srv/app/x", "/srv/app")] {
            let why = between(destination, &[source]);
            assert_eq!(why, Some(MirrorRefusal::LiesInSource), "{source}");
            let sources = [PathBuf::from(source)];
            assert_eq!(
                refusal_between(Path::new(destination), &sources, true),
                None
            );
        }
    }
}
