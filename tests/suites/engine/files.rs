//! Single files of this machine, written and read.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use ploy::action::Action;
use ploy::error::{Failure, Kind};
use ploy::scheduling::{Mode, Stage};
use ploy::topology::Settings;
use ploy::{Cx, Shell};
use tempfile::TempDir;

use super::{jobs, run, sites};

/// A shell whose relative paths hang on a folder of its own.
pub(super) fn shell() -> (Shell, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::new().path(folder.path().to_str().unwrap());
    (Shell::with("here", settings), folder)
}

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// What a failure says of its cause.
fn cause(failure: &Failure) -> String {
    failure.detail().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reads_meanwhile_sees_one_content_or_the_other() {
    let (shell, folder) = shell();
    let file = folder.path().join("file");
    let content = |letter: u8| vec![letter; 300_000];
    shell.write("file", content(b'a')).await.unwrap();
    let done = Arc::new(AtomicBool::new(false));
    let reader = std::thread::spawn({
        let (file, done) = (file.clone(), done.clone());
        move || {
            let mut seen = [0_usize; 2];
            while !done.load(Ordering::Relaxed) {
                let read = fs::read(&file).unwrap();
                assert_eq!(read.len(), 300_000);
                assert!(read.iter().all(|byte| *byte == read[0]));
                seen[usize::from(read[0] == b'b')] += 1;
            }
            seen
        }
    });
    for round in 0..40 {
        let letter = if round % 2 == 0 { b'b' } else { b'a' };
        assert!(shell.write("file", content(letter)).await.unwrap().changed);
    }
    done.store(true, Ordering::Relaxed);
    let seen = reader.join().unwrap();
    assert!(seen[0] > 0 && seen[1] > 0, "{seen:?}");
    assert_eq!(names(folder.path()), ["file"]);
}

#[tokio::test]
async fn what_is_there_already_is_not_touched() {
    let (shell, folder) = shell();
    let file = folder.path().join("file");
    let number = || fs::metadata(&file).unwrap().ino();
    assert!(
        shell
            .write("file", "same")
            .mode(0o644)
            .await
            .unwrap()
            .changed
    );
    let before = number();
    assert!(!shell.write("file", "same").await.unwrap().changed);
    assert!(
        !shell
            .write("file", "same")
            .mode(0o644)
            .await
            .unwrap()
            .changed
    );
    assert_eq!(number(), before);
    assert!(shell.write("file", "other").await.unwrap().changed);
    assert_ne!(number(), before);
    assert_eq!(names(folder.path()), ["file"]);
}

#[tokio::test]
async fn a_new_file_has_the_mode_of_any_new_file() {
    let (shell, folder) = shell();
    shell.write("a/b/file", "x").await.unwrap();
    fs::write(folder.path().join("usual"), "x").unwrap();
    fs::create_dir(folder.path().join("usual folder")).unwrap();
    let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().mode();
    assert_eq!(mode("a/b/file"), mode("usual"));
    assert_eq!(mode("a/b"), mode("usual folder"));
    // One that is replaced keeps all of its own.
    fs::set_permissions(
        folder.path().join("usual"),
        fs::Permissions::from_mode(0o4711),
    )
    .unwrap();
    shell.write("usual", "y").await.unwrap();
    assert_eq!(mode("usual") & 0o7777, 0o4711);
}

#[tokio::test]
async fn a_link_is_followed_and_stays() {
    let (shell, folder) = shell();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("real")).unwrap();
    fs::write(at("real/the file"), "old").unwrap();
    symlink("real/the file", at("first")).unwrap();
    symlink(at("first"), at("second")).unwrap();
    assert!(shell.write("second", "new").await.unwrap().changed);
    assert_eq!(fs::read_to_string(at("real/the file")).unwrap(), "new");
    assert!(at("first").is_symlink() && at("second").is_symlink());
    assert_eq!(shell.read("second").await.unwrap(), b"new");
    assert_eq!(names(&at("real")), ["the file"]);

    symlink("nowhere", at("dangling")).unwrap();
    symlink("loop", at("loop")).unwrap();
    for name in ["dangling", "loop"] {
        let failure = shell.write(name, "x").await.unwrap_err();
        assert_eq!(failure.kind(), Kind::Transfer);
        assert!(
            cause(&failure).contains("a link that leads nowhere"),
            "{failure:?}"
        );
        assert!(at(name).is_symlink());
    }
    assert!(!at("nowhere").exists());
}

#[tokio::test]
async fn what_is_no_file_is_told() {
    let (shell, folder) = shell();
    fs::create_dir(folder.path().join("folder")).unwrap();
    symlink("folder", folder.path().join("link")).unwrap();
    fs::write(folder.path().join("file"), "x").unwrap();
    for name in ["folder", "link"] {
        let failure = shell.write(name, "x").await.unwrap_err();
        assert_eq!(
            (failure.kind(), cause(&failure).as_str()),
            (Kind::Transfer, "it is a folder")
        );
        let failure = shell.read(name).await.unwrap_err();
        assert_eq!(failure.to_string(), format!("cannot read {name} on here"));
        assert_eq!(
            (failure.kind(), cause(&failure).as_str()),
            (Kind::Transfer, "it is a folder")
        );
    }
    for name in ["/dev/null", "/dev/full"] {
        let failure = shell.write(name, "x").await.unwrap_err();
        assert_eq!(cause(&failure), "it is no regular file");
        assert_eq!(
            cause(&shell.read(name).await.unwrap_err()),
            "it is no regular file"
        );
    }
    let failure = shell.write("file/below", "x").await.unwrap_err();
    assert!(
        cause(&failure).starts_with("the folder above it cannot be made: mkdir"),
        "{failure:?}"
    );
    // Where nobody can make a file.
    let failure = shell.write("/proc/file", "x").await.unwrap_err();
    assert!(
        cause(&failure).starts_with("no file can be made beside it: "),
        "{failure:?}"
    );
    assert_eq!(
        cause(&shell.read("missing").await.unwrap_err()),
        "there is no such file"
    );
    for path in ["", "folder/", "~", "a\0b", "new/.", "new/..", ".", ".."] {
        assert_eq!(
            shell.write(path, "x").await.unwrap_err().kind(),
            Kind::Usage
        );
        assert_eq!(shell.read(path).await.unwrap_err().kind(), Kind::Usage);
    }
    assert!(!folder.path().join("new").exists());
}

#[tokio::test]
async fn a_file_may_have_as_much_as_the_limit() {
    let (shell, folder) = shell();
    fs::write(folder.path().join("file"), "12345").unwrap();
    assert_eq!(shell.read("file").limit(5).await.unwrap(), b"12345");
    let failure = shell.read("file").limit(4).await.unwrap_err();
    assert_eq!(
        (failure.kind(), cause(&failure).as_str()),
        (Kind::Transfer, "it has more than 4 bytes")
    );
    // Files of the kernel's say that they are empty.
    assert!(!shell.read("/proc/self/status").await.unwrap().is_empty());
}

#[tokio::test]
async fn what_killed_writes_left_is_removed_after_a_day() {
    let (shell, folder) = shell();
    let leave = |name: &str, hours: u64| {
        let file = fs::File::create(folder.path().join(name)).unwrap();
        let age = Duration::from_secs(hours * 3600);
        file.set_modified(SystemTime::now() - age).unwrap();
    };
    leave(".ploy-0123456789abcdef", 49);
    leave(".ploy-0123456789abcde0", 1);
    leave(".ploy-notes", 49);
    leave("ploy-0123456789abcdef", 49);
    symlink("file", folder.path().join(".ploy-0123456789abcde1")).unwrap();
    assert!(shell.write("file", "x").await.unwrap().changed);
    let left = [
        ".ploy-0123456789abcde0",
        ".ploy-0123456789abcde1",
        ".ploy-notes",
        "file",
        "ploy-0123456789abcdef",
    ];
    assert_eq!(names(folder.path()), left);
}

#[test]
fn a_plain_function_has_files_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut topology = sites(1);
    topology.update(
        ["all"],
        Settings::new().path(folder.path().to_str().unwrap()),
    );
    let action = Action::blocking(|cx: Cx| {
        let shell = cx.blocking();
        assert!(shell.write("file", "content")?.changed);
        assert_eq!(shell.read("file")?, b"content");
        assert_eq!(shell.read("none").unwrap_err().kind(), Kind::Transfer);
        Ok::<_, Failure>(())
    });
    let ran = run(
        topology,
        jobs([("a", action)]),
        Stage::new(Mode::Parallel, "a"),
    );
    assert!(ran.stats.is_ok(), "{:#?}", ran.faults("s1"));
    assert_eq!(fs::read(folder.path().join("file")).unwrap(), b"content");
    // What was read is nobody's output.
    assert_eq!(ran.text("s1"), "");
}
