//! Copies between folders of this machine, against rsync: both carriers end in the same tree.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{FileExt, MetadataExt, PermissionsExt, lchown, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use ploy::Shell;
use ploy::error::Failure;
use ploy::transfer::TransferTotals;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use rustix::fs::{
    AtFlags, CWD, FileType, Mode, Timespec, Timestamps, UTIME_OMIT, mknodat, utimensat,
};

use super::again::Again;

/// One entry of a tree, and where it is.
#[derive(Clone, Debug)]
struct Node {
    path: Vec<&'static [u8]>,
    kind: NodeKind,
    mode: u32,
    seconds: i64,
    owner: u32,
}

#[derive(Clone, Debug)]
enum NodeKind {
    File(usize),
    Sparse,
    Folder,
    Link(&'static str),
    Fifo,
}

const NAMES: [&[u8]; 9] = [
    b"a",
    b"b",
    b"sub",
    b"x.log",
    b"new\nline",
    b"\xff\xfe",
    b"-n",
    b"st*r",
    b"two words",
];

const PATTERNS: [&str; 22] = [
    "*.log", "/a", "b/", "a/b", "/sub/a", "**/b", "sub/***", "sub/**", "[ab]", "[!ab]", "??b",
    "/s/a", "/s/*/b", "+ a", "- sub", "!", "st\\*r", "st*r", "*", "/*/*/b", "a/**/b", "new?line",
];

fn node() -> impl Strategy<Value = Node> {
    let kind = prop_oneof![
        4 => (0..3_usize).prop_map(NodeKind::File),
        1 => Just(NodeKind::Sparse),
        4 => Just(NodeKind::Folder),
        2 => select(vec!["a", "sub", "../b", "/no/where", "new\nline"]).prop_map(NodeKind::Link),
        1 => Just(NodeKind::Fifo),
    ];
    // What its user cannot read or enter would be another test.
    let mode = select(vec![
        0o755, 0o644, 0o555, 0o444, 0o700, 0o2755, 0o1777, 0o4711,
    ]);
    let owner = select(vec![0, 0, 1, 65_534]);
    let path = vec(select(NAMES.to_vec()), 1..4);
    (path, kind, mode, 0..4_i64, owner).prop_map(|(path, kind, mode, seconds, owner)| Node {
        path,
        kind,
        mode,
        seconds: 1_600_000_000 + seconds,
        owner,
    })
}

/// Where the destination is, and what stands there.
#[derive(Clone, Copy, Debug)]
enum Target {
    Folder,
    Missing,
    MissingWithSlash,
    File,
    LinkToFolder,
}

#[derive(Clone, Debug)]
struct Case {
    source: Vec<Node>,
    second: Vec<Node>,
    present: Vec<Node>,
    sources: Vec<&'static str>,
    target: Target,
    is_mirror: bool,
    should_delete_excluded: bool,
    patterns: Vec<&'static str>,
    includes: usize,
}

fn case() -> impl Strategy<Value = Case> {
    let sources = select(vec![
        vec!["s/"],
        vec!["s"],
        vec!["s/."],
        vec!["s/a"],
        vec!["s/a/"],
        vec!["s/a", "s/b"],
        vec!["s/", "t/"],
        vec!["t/", "s"],
        vec!["s/no such", "s/a"],
    ]);
    let target = prop_oneof![
        6 => Just(Target::Folder),
        2 => Just(Target::Missing),
        1 => Just(Target::MissingWithSlash),
        1 => Just(Target::File),
        1 => Just(Target::LinkToFolder),
    ];
    let trees = (vec(node(), 0..12), vec(node(), 0..5), vec(node(), 0..10));
    let patterns = prop_oneof![
        1 => Just(Vec::new()),
        2 => subsequence(PATTERNS.to_vec(), 1..4).prop_shuffle(),
    ];
    let deletes = (any::<bool>(), prop::bool::weighted(0.2));
    (trees, sources, target, deletes, patterns, 0..2_usize).prop_map(
        |((source, second, present), sources, target, deletes, patterns, includes)| Case {
            source,
            second,
            present,
            sources,
            target,
            is_mirror: deletes.0,
            should_delete_excluded: deletes.1,
            patterns,
            includes,
        },
    )
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Makes a tree. An entry that has no place is left out, the same each time.
fn grow(root: &Path, nodes: &[Node]) {
    fs::create_dir_all(root).unwrap();
    let mut made = Vec::new();
    for node in nodes {
        let path = node.path.iter().fold(root.to_owned(), |path, name| {
            path.join(OsStr::from_bytes(name))
        });
        let parent = path.parent().unwrap();
        let is_folder = |path: &Path| path.symlink_metadata().is_ok_and(|found| found.is_dir());
        let is_clear = parent
            .ancestors()
            .take_while(|above| *above != root)
            .all(|above| is_folder(above) || above.symlink_metadata().is_err());
        if !is_clear || path.symlink_metadata().is_ok() {
            continue;
        }
        fs::create_dir_all(parent).unwrap();
        match node.kind {
            NodeKind::File(size) => {
                // Sizes that meet often, and contents that tell where they come from.
                let letter = root.file_name().unwrap().as_bytes()[0];
                fs::write(&path, vec![letter; size]).unwrap();
            }
            NodeKind::Sparse => {
                let file = fs::File::create(&path).unwrap();
                file.write_all_at(b"end", 300_000).unwrap();
            }
            NodeKind::Folder => fs::create_dir(&path).unwrap(),
            NodeKind::Link(to) => symlink(to, &path).unwrap(),
            NodeKind::Fifo => {
                mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
            }
        }
        made.push((path, node));
    }
    // The deepest last made gets its time and mode first, for folders that may not be written into.
    made.sort_by_key(|(path, _)| std::cmp::Reverse(path.components().count()));
    for (path, node) in made {
        if is_root() {
            lchown(&path, Some(node.owner), Some(node.owner)).unwrap();
        }
        if !matches!(node.kind, NodeKind::Link(_)) {
            // Whoever is not root has to read a file and to enter a folder.
            let own = match node.kind {
                NodeKind::Folder => 0o500,
                _ => 0o400,
            };
            fs::set_permissions(&path, fs::Permissions::from_mode(node.mode | own)).unwrap();
        }
        let times = Timestamps {
            last_access: Timespec {
                tv_sec: 0,
                tv_nsec: UTIME_OMIT,
            },
            last_modification: Timespec {
                tv_sec: node.seconds,
                // One second, one time: rsync looks at whole seconds only.
                tv_nsec: node.seconds % 2 * 123_456_789,
            },
        };
        utimensat(CWD, &path, &times, AtFlags::SYMLINK_NOFOLLOW).unwrap();
    }
}

/// What is to be seen of a path.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    mode: u32,
    owner: (u32, u32),
    /// Nothing if it is younger than this test.
    modified: Option<(i64, i64)>,
    content: Vec<u8>,
}

fn see(root: &Path) -> BTreeMap<PathBuf, Seen> {
    let mut seen = BTreeMap::new();
    let mut paths = vec![root.to_owned()];
    while let Some(path) = paths.pop() {
        let Ok(found) = path.symlink_metadata() else {
            continue;
        };
        let content = if found.is_dir() {
            let entries = fs::read_dir(&path).unwrap();
            paths.extend(entries.map(|entry| entry.unwrap().path()));
            Vec::new()
        } else if found.is_symlink() {
            let target = path.read_link().unwrap().into_os_string();
            // The two destinations have different names.
            target.into_vec()
        } else if found.is_file() {
            fs::read(&path).unwrap_or_else(|error| format!("{error}").into_bytes())
        } else {
            Vec::new()
        };
        let hour = Duration::from_secs(3600);
        let is_old = found.modified().unwrap() < SystemTime::now() - hour;
        let entry = Seen {
            mode: found.mode(),
            owner: (found.uid(), found.gid()),
            modified: is_old.then(|| (found.mtime(), found.mtime_nsec())),
            content,
        };
        seen.insert(path.strip_prefix(root).unwrap().to_owned(), entry);
    }
    seen
}

/// Copies as the case says.
fn copy(
    case: &Case,
    root: &Path,
    more: &[&str],
) -> (Result<TransferTotals, Failure>, BTreeMap<PathBuf, Seen>) {
    let folder = root.join("d");
    let elsewhere = root.join("elsewhere");
    let destination = match case.target {
        Target::Folder | Target::Missing | Target::File | Target::LinkToFolder => folder.clone(),
        Target::MissingWithSlash => root.join("d/"),
    };
    match case.target {
        Target::Folder => grow(&folder, &case.present),
        Target::Missing | Target::MissingWithSlash => {}
        Target::File => fs::write(&folder, "there").unwrap(),
        Target::LinkToFolder => {
            grow(&elsewhere, &case.present);
            symlink("elsewhere", &folder).unwrap();
        }
    }
    let base = root.parent().unwrap();
    let sources: Vec<OsString> = case
        .sources
        .iter()
        .map(|source| [base.as_os_str(), OsStr::new("/"), OsStr::new(source)].concat_all())
        .collect();
    let mut upload = Shell::local().upload(sources, destination.to_str().unwrap());
    if case.is_mirror {
        upload = upload.mirror();
        if case.should_delete_excluded {
            upload = upload.args(["--delete-excluded"]);
        }
    }
    for (at, pattern) in case.patterns.iter().enumerate() {
        upload = if at < case.includes {
            upload.args([format!("--include={pattern}")])
        } else {
            upload.exclude(pattern)
        };
    }
    let upload = upload.args(more.iter().copied());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let moved = runtime.block_on(upload.into_future());
    let mut seen = see(&folder);
    seen.extend(
        see(&elsewhere)
            .into_iter()
            .map(|(path, entry)| (Path::new("elsewhere").join(path), entry)),
    );
    (moved, seen)
}

trait ConcatAll {
    fn concat_all(self) -> OsString;
}

impl<const N: usize> ConcatAll for [&OsStr; N] {
    fn concat_all(self) -> OsString {
        self.into_iter().collect()
    }
}

fn check(case: &Case) -> Result<(), TestCaseError> {
    let base = tempfile::tempdir().unwrap();
    grow(&base.path().join("s"), &case.source);
    grow(&base.path().join("t"), &case.second);
    let [one, two] = ["one", "two"].map(|name| base.path().join(name));
    for root in [&one, &two] {
        fs::create_dir(root).unwrap();
    }
    let (moved, tree) = copy(case, &one, &[]);
    // An option that only rsync knows, and that changes nothing here.
    let (expected, expected_tree) = copy(case, &two, &["--whole-file"]);
    let same = tree == expected_tree;
    match (&moved, &expected) {
        (Ok(moved), Ok(expected)) => prop_assert_eq!(moved, expected),
        (Err(_), Err(_)) => {
            // After a failure rsync may delete all the same.
            if case.is_mirror {
                make_removable(base.path());
                return Ok(());
            }
        }
        _ => prop_assert!(false, "{moved:?}\n{expected:?}"),
    }
    let differences: Vec<_> = tree
        .keys()
        .chain(expected_tree.keys())
        .filter(|path| tree.get(*path) != expected_tree.get(*path))
        .map(|path| {
            format!(
                "{path:?}: {:?} {:?}",
                tree.get(path),
                expected_tree.get(path)
            )
        })
        .collect();
    make_removable(base.path());
    prop_assert!(same, "{differences:#?} {moved:?} {expected:?}");
    Ok(())
}

/// Lets a folder be removed with all that is in it.
fn make_removable(root: &Path) {
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let _ = fs::set_permissions(&folder, fs::Permissions::from_mode(0o700));
        let entries = fs::read_dir(&folder).unwrap().map(Result::unwrap);
        folders.extend(
            entries
                .filter(|entry| entry.file_type().unwrap().is_dir())
                .map(|entry| entry.path()),
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    #[ignore = "needs rsync: tests/run runs it"]
    fn a_copy_ends_in_the_tree_in_which_rsync_ends(case in case()) {
        check(&case)?;
    }
}

/// The same by a user who may not do everything.
#[test]
#[ignore = "needs root and rsync: tests/run runs it"]
fn also_for_a_user_who_is_not_root() {
    Again::new("copy_oracle::a_copy_ends_in_the_tree_in_which_rsync_ends").as_nobody();
}
