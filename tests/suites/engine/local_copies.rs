//! Copies between folders of this machine, by the library itself.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ploy::action::Action;
use ploy::error::{Failure, Kind};
use ploy::event::{CancelReason, EventKind, Stream};
use ploy::run::Runner;
use ploy::scheduling::{Mode, Stage};
use ploy::topology::{Settings, Topology};
use ploy::transfer::TransferTotals;
use ploy::{Cx, Shell};
use ploy_tests::start;

use super::again::Again;
use super::files::shell;
use super::{jobs, run, sites};

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn counts(moved: TransferTotals) -> (u64, u64, u64) {
    (moved.files, moved.bytes, moved.deleted)
}

#[tokio::test]
async fn what_is_there_already_is_not_copied() {
    let (shell, site) = shell();
    let here = tempfile::tempdir().unwrap();
    let from = format!("{}/", here.path().display());
    fs::create_dir(here.path().join("empty")).unwrap();
    for name in ["a", "b"] {
        fs::write(here.path().join(name), "12345").unwrap();
    }
    let up = || shell.upload(&from, "new/folder");
    assert_eq!(counts(up().await.unwrap()), (2, 10, 0));
    let copy = site.path().join("new/folder/a");
    let before = fs::metadata(&copy).unwrap();
    assert_eq!(counts(up().await.unwrap()), (0, 0, 0));
    let after = fs::metadata(&copy).unwrap();
    let all = |found: &fs::Metadata| (found.ino(), found.ctime(), found.ctime_nsec());
    assert_eq!(all(&after), all(&before));
    // The same size within the same second is another content all the same.
    let file = fs::File::options()
        .write(true)
        .open(here.path().join("a"))
        .unwrap();
    std::io::Write::write_all(&mut &file, b"other").unwrap();
    let time = before.modified().unwrap();
    file.set_modified(time + Duration::from_nanos(1)).unwrap();
    assert_eq!(counts(up().await.unwrap()), (1, 5, 0));
    assert_eq!(fs::read(&copy).unwrap(), b"other");
    // A mode alone is set, and nothing copied.
    let mode = fs::Permissions::from_mode(0o600);
    fs::set_permissions(here.path().join("b"), mode).unwrap();
    assert_eq!(counts(up().await.unwrap()), (0, 0, 0));
    let found = fs::metadata(site.path().join("new/folder/b")).unwrap();
    assert_eq!(found.mode() & 0o7777, 0o600);
}

#[tokio::test]
async fn a_dry_run_tells_what_would_be_done() {
    let (shell, site) = shell();
    let here = tempfile::tempdir().unwrap();
    let from = format!("{}/", here.path().display());
    fs::write(here.path().join("a"), "12345").unwrap();
    fs::create_dir_all(site.path().join("old/extra")).unwrap();
    fs::write(site.path().join("old/extra/file"), "x").unwrap();
    for dry in ["-n", "--dry-run"] {
        let moved = shell.upload(&from, "old").mirror().args([dry]);
        assert_eq!(counts(moved.await.unwrap()), (1, 5, 2));
        let moved = shell.upload(&from, "new/folder").args([dry]);
        assert_eq!(counts(moved.await.unwrap()), (1, 5, 0));
    }
    assert_eq!(names(site.path()), ["old"]);
    assert_eq!(names(&site.path().join("old")), ["extra"]);
}

#[tokio::test]
async fn what_fails_is_told_with_its_path_and_the_rest_is_copied() {
    let (shell, site) = shell();
    let here = tempfile::tempdir().unwrap();
    let at = |name: &str| here.path().join(name);
    for name in ["a", "z"] {
        fs::write(at(name), "x").unwrap();
    }
    // A folder with something in it stands where a file goes.
    fs::create_dir_all(site.path().join("d/a/full")).unwrap();
    let from = format!("{}/", here.path().display());
    let failure = shell.upload(&from, "d").await.unwrap_err();
    assert_eq!(failure.kind(), Kind::Transfer);
    let path = site.path().join("d/a");
    assert_eq!(
        failure.detail().to_string(),
        format!(
            "a folder that is not empty is in the way of {}",
            path.display()
        )
    );
    assert!(failure.hint().unwrap().contains("mirror"), "{failure:?}");
    assert_eq!(names(&site.path().join("d")), ["a", "z"]);
    assert!(site.path().join("d/z").is_file());
    // A mirror clears it away.
    let moved = shell.upload(&from, "d").mirror().await.unwrap();
    assert_eq!(counts(moved), (1, 1, 1));

    let missing = at("no such");
    let failure = shell.upload([&missing, &at("z")], "e").await.unwrap_err();
    assert_eq!(failure.kind(), Kind::Transfer);
    assert_eq!(
        failure.hint(),
        Some(&*format!("there is no `{}` here", missing.display()))
    );
    let cause = failure.detail().to_string();
    let said = "No such file or directory (os error 2)";
    assert_eq!(cause, format!("cannot read {}: {said}", missing.display()));

    fs::write(site.path().join("file"), "x").unwrap();
    for (sources, to, why) in [
        (
            vec![at("a"), at("z")],
            "file",
            "more than one file is to go there",
        ),
        (
            vec![here.path().to_owned()],
            "file",
            "the destination is no folder",
        ),
    ] {
        let failure = shell.upload(sources, to).await.unwrap_err();
        let cause = failure.detail().to_string();
        assert!(cause.contains(why), "{failure:?}");
    }
    assert_eq!(fs::read(site.path().join("file")).unwrap(), b"x");
}

#[tokio::test]
async fn nothing_is_deleted_if_something_failed() {
    let (shell, site) = shell();
    let here = tempfile::tempdir().unwrap();
    fs::write(here.path().join("a"), "x").unwrap();
    fs::create_dir(site.path().join("d")).unwrap();
    fs::write(site.path().join("d/precious"), "x").unwrap();
    let sources = [
        format!("{}/", here.path().display()),
        "/no/such/folder/".to_owned(),
    ];
    let failure = shell.upload(sources, "d").mirror().await.unwrap_err();
    assert_eq!(failure.kind(), Kind::Transfer);
    assert_eq!(names(&site.path().join("d")), ["a", "precious"]);
}

/// A run that uploads to `to` on one site.
fn uploading(from: String, to: String, timeout: Option<Duration>) -> (Topology, Action) {
    let action = Action::new(move |cx: Cx| {
        let (from, to) = (from.clone(), to.clone());
        async move {
            let upload = cx.shell().upload(from, to);
            match timeout {
                Some(timeout) => upload.timeout(timeout).await,
                None => upload.await,
            }
            .map(drop)
        }
    });
    (sites(1), action)
}

/// A folder with a small file and one that takes long.
fn large() -> (tempfile::TempDir, String) {
    let here = tempfile::tempdir().unwrap();
    fs::write(here.path().join("a small one"), "x").unwrap();
    let file = fs::File::create(here.path().join("large")).unwrap();
    file.set_len(1 << 36).unwrap();
    let from = format!("{}/", here.path().display());
    (here, from)
}

#[test]
fn a_copy_that_is_cancelled_leaves_no_part_of_a_file() {
    let (_here, from) = large();
    let there = tempfile::tempdir().unwrap();
    let (topology, action) = uploading(from, there.path().display().to_string(), None);
    let runner = Runner::new(topology, jobs([("a", action)]));
    let going = start(runner, |batch| async move {
        batch
            .stage(Stage::new(Mode::Parallel, "a"))
            .await
            .into_result()
    });
    going.wait_for(1, |kind| matches!(kind, EventKind::TransferProgress { .. }));
    let begin = Instant::now();
    going.cancel(CancelReason::Interrupt);
    let ran = going.finish();
    assert!(begin.elapsed() < Duration::from_secs(20));
    assert_eq!(ran.fault("s1").kind, Kind::Cancelled);
    assert_eq!(names(there.path()), ["a small one"]);
}

#[test]
fn a_copy_whose_time_is_up_leaves_no_part_of_a_file() {
    let (_here, from) = large();
    let there = tempfile::tempdir().unwrap();
    let limit = Some(Duration::from_millis(100));
    let (topology, action) = uploading(from, there.path().display().to_string(), limit);
    let ran = run(
        topology,
        jobs([("a", action)]),
        Stage::new(Mode::Parallel, "a"),
    );
    assert_eq!(ran.fault("s1").kind, Kind::Timeout);
    assert!(!names(there.path()).contains(&"large".to_owned()));
    assert!(names(there.path()).len() <= 1);
}

#[test]
fn progress_grows_and_ends_with_what_was_moved() {
    let here = tempfile::tempdir().unwrap();
    for number in 0..300 {
        fs::write(here.path().join(number.to_string()), vec![b'x'; 100_000]).unwrap();
    }
    let there = tempfile::tempdir().unwrap();
    let from = format!("{}/", here.path().display());
    let moved = Arc::new(Mutex::new(TransferTotals::default()));
    let (kept, to) = (moved.clone(), there.path().display().to_string());
    let action = Action::new(move |cx: Cx| {
        let (from, to, kept) = (from.clone(), to.clone(), kept.clone());
        async move {
            *kept.lock().unwrap() = cx.shell().upload(from, to).await?;
            Ok::<_, Failure>(())
        }
    });
    let ran = run(
        sites(1),
        jobs([("a", action)]),
        Stage::new(Mode::Parallel, "a"),
    );
    assert!(ran.stats.is_ok(), "{:#?}", ran.faults("s1"));
    assert_eq!(counts(*moved.lock().unwrap()), (300, 30_000_000, 0));
    let told: Vec<_> = ran
        .events
        .iter()
        .filter_map(|event| match event.kind {
            EventKind::TransferProgress {
                bytes,
                files,
                percent_done,
                ..
            } => Some((bytes, files, percent_done)),
            _ => None,
        })
        .collect();
    assert!(told.is_sorted(), "{told:?}");
    assert_eq!(*told.last().unwrap(), (30_000_000, 300, 100));
    let all_but_last = &told[..told.len() - 1];
    assert!(all_but_last.iter().all(|(.., percent)| *percent < 100));
    let finished = ran.events.iter().find_map(|event| match event.kind {
        EventKind::CommandFinished { code, .. } => Some(code),
        _ => None,
    });
    assert_eq!(finished, Some(Some(0)));
}

#[test]
fn each_problem_is_told_as_it_happens() {
    let there = tempfile::tempdir().unwrap();
    let to = there.path().display().to_string();
    let action = Action::new(move |cx: Cx| {
        let to = to.clone();
        async move { cx.shell().upload(["/no/a", "/no/b"], to).await.map(drop) }
    });
    let ran = run(
        sites(1),
        jobs([("a", action)]),
        Stage::new(Mode::Parallel, "a"),
    );
    let told: Vec<u8> = ran
        .events
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::Output { stream, bytes, .. } if *stream == Stream::Stderr => {
                Some(bytes.clone())
            }
            _ => None,
        })
        .flatten()
        .collect();
    let said = "No such file or directory (os error 2)";
    assert_eq!(
        String::from_utf8(told).unwrap(),
        format!("cannot read /no/a: {said}\ncannot read /no/b: {said}\n")
    );
    let messages = ran.fault("s1").messages.join("; ");
    assert!(
        messages.contains(", and 1 more could not be copied"),
        "{messages}"
    );
}

#[tokio::test]
#[ignore = "needs root: tests/run runs it"]
async fn a_full_disk_is_told_and_leaves_no_part_of_a_file() {
    let there = tempfile::tempdir().unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=1m", "none"])
        .arg(there.path())
        .status()
        .unwrap();
    assert!(mounted.success());
    let here = tempfile::tempdir().unwrap();
    fs::write(here.path().join("a"), vec![b'x'; 600_000]).unwrap();
    fs::write(here.path().join("b"), vec![b'x'; 600_000]).unwrap();
    let from = format!("{}/", here.path().display());
    fs::write(there.path().join("b"), "old").unwrap();
    let to = there.path().to_str().unwrap();
    let failure = Shell::local().upload(from, to).await.unwrap_err();
    let (left, old) = (names(there.path()), fs::read(there.path().join("b")));
    let unmounted = Command::new("umount").arg(there.path()).status().unwrap();
    assert!(unmounted.success());
    assert_eq!(failure.kind(), Kind::Transfer);
    let cause = failure.detail().to_string();
    assert!(
        cause.starts_with("no space is left: cannot copy ")
            && cause.ends_with("No space left on device (os error 28)"),
        "{cause}"
    );
    assert_eq!(left, ["a", "b"]);
    assert_eq!(old.unwrap(), b"old");
}

#[tokio::test]
#[ignore = "needs root: tests/run runs it"]
async fn what_may_not_be_read_or_written_is_told_with_its_path() {
    if !Again::is_now() {
        return Again::new("local_copies::what_may_not_be_read_or_written_is_told_with_its_path")
            .as_nobody();
    }
    let (shell, site) = shell();
    let here = tempfile::tempdir().unwrap();
    let at = |name: &str| here.path().join(name);
    fs::write(at("closed"), "x").unwrap();
    fs::write(at("open"), "x").unwrap();
    fs::set_permissions(at("closed"), fs::Permissions::from_mode(0o000)).unwrap();
    let from = format!("{}/", here.path().display());
    let denied = "Permission denied (os error 13)";
    let failure = shell.upload(&from, "d").await.unwrap_err();
    let closed = at("closed");
    assert_eq!(
        failure.detail().to_string(),
        format!(
            "permission denied: cannot read {}: {denied}",
            closed.display()
        )
    );
    assert_eq!(names(&site.path().join("d")), ["open"]);
    let failure = shell.upload(at("open"), "/usr/x").await.unwrap_err();
    assert_eq!(
        failure.detail().to_string(),
        format!("permission denied: cannot write /usr/x: {denied}")
    );
    // Devices are root's: one is left out, as by rsync.
    let moved = shell.upload("/dev/null", "null").await.unwrap();
    assert_eq!(counts(moved), (0, 0, 0));
    assert!(!site.path().join("null").exists());
}

#[tokio::test]
async fn an_option_of_rsyncs_own_needs_rsync() {
    if !Again::is_now() {
        return Again::new("local_copies::an_option_of_rsyncs_own_needs_rsync")
            .with_only(&["sh", "cat", "mkfifo", "rm", "sleep"]);
    }
    let (shell, site) = shell();
    fs::write(site.path().join("a"), "x").unwrap();
    let up = || shell.upload(site.path().join("a"), "b");
    let failure = up().args(["--chmod=F600"]).await.unwrap_err();
    assert_eq!(failure.kind(), Kind::Transfer);
    let cause = failure.detail().to_string();
    assert!(
        cause.starts_with("there is no rsync on this machine"),
        "{failure:?}"
    );
    let hint = failure.hint().unwrap();
    assert!(
        hint.starts_with("install rsync on this machine (")
            && hint.ends_with("on a local site only arguments such as `--chmod=F600` need it"),
        "{hint}"
    );
    assert_eq!(counts(up().await.unwrap()), (1, 1, 0));
    // Another user's copy is rsync's too.
    let failure = up().run_as("nobody").await.unwrap_err();
    assert!(failure.hint().is_some(), "{failure:?}");
}

#[tokio::test]
async fn several_copies_at_once_do_not_meet() {
    let here = tempfile::tempdir().unwrap();
    for number in 0..50 {
        fs::write(here.path().join(number.to_string()), vec![b'x'; 5000]).unwrap();
    }
    let there = tempfile::tempdir().unwrap();
    let from = format!("{}/", here.path().display());
    let shell = Shell::with("here", Settings::new());
    let uploads = (0..20).map(|number| {
        // Two of them go to each folder.
        let to = there.path().join((number / 2).to_string());
        shell.upload(&from, to.to_str().unwrap()).into_future()
    });
    for upload in uploads.map(tokio::spawn).collect::<Vec<_>>() {
        upload.await.unwrap().unwrap();
    }
    for number in 0..10 {
        assert_eq!(names(&there.path().join(number.to_string())).len(), 50);
    }
}

#[tokio::test]
async fn a_link_to_the_destination_is_followed_and_one_in_it_is_not() {
    let (shell, site) = shell();
    let at = |name: &str| site.path().join(name);
    let here = tempfile::tempdir().unwrap();
    fs::create_dir(here.path().join("sub")).unwrap();
    fs::write(here.path().join("sub/file"), "x").unwrap();
    symlink("nowhere", here.path().join("link")).unwrap();
    fs::create_dir_all(at("real")).unwrap();
    fs::create_dir_all(at("outside")).unwrap();
    symlink("../outside", at("real/sub")).unwrap();
    symlink("real", at("d")).unwrap();
    let from = format!("{}/", here.path().display());
    shell.upload(&from, "d").await.unwrap();
    assert!(at("d").is_symlink());
    assert!(at("real/sub").symlink_metadata().unwrap().is_dir());
    assert_eq!(fs::read(at("real/sub/file")).unwrap(), b"x");
    assert_eq!(names(&at("outside")), [""; 0]);
    assert_eq!(at("real/link").read_link().unwrap(), Path::new("nowhere"));
}
