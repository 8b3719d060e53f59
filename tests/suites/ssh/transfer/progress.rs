//! What a transfer tells while it runs.

use std::fs;
use std::sync::{Arc, Mutex};

use ploy::Cx;
use ploy::action::Action;
use ploy::catalogue::Catalogue;
use ploy::event::{EventKind, Show, Stream};
use ploy::transfer::TransferTotals;
use ploy_tests::{Ran, Server};

use super::super::{run, three};

/// Uploads a folder with these further arguments of rsync, and what the upload came to.
fn upload(
    server: &Server,
    from: &str,
    arguments: &'static [&'static str],
) -> (Ran, TransferTotals) {
    let (from, to) = (from.to_owned(), server.path("tmp").join("there"));
    let moved = Arc::new(Mutex::new(TransferTotals::default()));
    let kept = moved.clone();
    let action = Action::new(move |cx: Cx| {
        let (from, to, kept) = (from.clone(), to.clone(), kept.clone());
        async move {
            let upload = cx
                .shell()
                .upload(from, to.to_str().unwrap())
                .args(arguments.iter().copied());
            *kept.lock().unwrap() = upload.await?;
            Ok::<_, ploy::error::Failure>(())
        }
    });
    let mut catalogue = Catalogue::new();
    catalogue.add("job", ["web1"], [action]);
    let ran = run(three(server), catalogue);
    assert!(ran.stats.is_ok(), "{:#?}", ran.faults("web1"));
    let moved = *moved.lock().unwrap();
    (ran, moved)
}

/// Bytes, files and percent, as they were told.
fn told(ran: &Ran) -> Vec<(u64, u64, u8)> {
    let of = |kind: &EventKind| match kind {
        EventKind::TransferProgress {
            bytes,
            files,
            percent_done,
            ..
        } => Some((*bytes, *files, *percent_done)),
        _ => None,
    };
    ran.events
        .iter()
        .filter_map(|event| of(&event.kind))
        .collect()
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn progress_grows_and_ends_with_what_was_moved() {
    let server = Server::start();
    let source = tempfile::tempdir().unwrap();
    for number in 0..30 {
        // Nothing that could be compressed.
        let bytes: Vec<u8> = (0..100_000_u32)
            .map(|at| (at.wrapping_mul(2_654_435_761 + number) >> 11) as u8)
            .collect();
        fs::write(source.path().join(number.to_string()), bytes).unwrap();
    }
    let from = format!("{}/", source.path().display());
    let (ran, moved) = upload(&server, &from, &["--bwlimit=1500", "--no-compress"]);
    assert_eq!(
        (moved.files, moved.bytes, moved.deleted),
        (30, 3_000_000, 0)
    );
    let told = told(&ran);
    assert!(told.len() > 3, "{told:?}");
    assert!(told.is_sorted(), "{told:?}");
    assert_eq!(*told.last().unwrap(), (3_000_000, 30, 100));
    assert!(
        told[..told.len() - 1]
            .iter()
            .all(|(_, _, percent)| *percent < 100),
        "{told:?}"
    );
    // None of it is output.
    for stream in [Stream::Stdout, Stream::Stderr] {
        assert_eq!(String::from_utf8_lossy(&ran.output("web1", stream)), "");
    }
    // It is told while the transfer is a command that runs.
    let end = ran
        .events
        .iter()
        .position(|event| matches!(event.kind, EventKind::CommandFinished { .. }));
    let last = ran
        .events
        .iter()
        .rposition(|event| matches!(event.kind, EventKind::TransferProgress { .. }));
    assert!(last < end);

    let (ran, moved) = upload(&server, &from, &[]);
    assert_eq!((moved.files, moved.bytes), (0, 0));
    assert_eq!(self::told(&ran).last(), Some(&(0, 0, 100)));
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn figures_are_exact_however_they_are_to_be_written() {
    let server = Server::start();
    let source = tempfile::tempdir().unwrap();
    for number in 0..3 {
        let bytes: Vec<u8> = (0..500_000_u32)
            .map(|at| (at.wrapping_mul(2_654_435_761 + number) >> 11) as u8)
            .collect();
        fs::write(source.path().join(number.to_string()), bytes).unwrap();
    }
    let from = format!("{}/", source.path().display());
    for arguments in [
        &["-avzh"][..],
        &["-hh"],
        &["-P"],
        &["--progress", "-v"],
        &["--info=progress1,stats3", "--outbuf=B"],
    ] {
        let _ = fs::remove_dir_all(server.path("tmp").join("there"));
        let (ran, moved) = upload(&server, &from, arguments);
        assert_eq!((moved.files, moved.bytes), (3, 1_500_000), "{arguments:?}");
        assert_eq!(told(&ran).last(), Some(&(1_500_000, 3, 100)));
        let shown = ran.text("web1");
        for figure in ["%", "Number of", "speedup"] {
            assert!(!shown.contains(figure), "{arguments:?}: {shown}");
        }
    }
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn names_that_were_asked_for_are_shown() {
    let server = Server::start();
    let source = tempfile::tempdir().unwrap();
    fs::write(source.path().join("a file"), "x").unwrap();
    let from = format!("{}/", source.path().display());
    let (ran, moved) = upload(&server, &from, &["--itemize-changes", "--chmod=F600"]);
    assert_eq!(moved.files, 1);
    let shown = ran.text("web1");
    assert!(
        shown
            .lines()
            .any(|line| line.starts_with("<f") && line.ends_with("a file")),
        "{shown}"
    );
    assert!(
        !shown.contains('%') && !shown.contains("Number of"),
        "{shown}"
    );
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn an_rsync_of_the_users_own_runs_there_and_folders_are_made_all_the_same() {
    let server = Server::start();
    let source = tempfile::tempdir().unwrap();
    fs::write(source.path().join("file"), "x").unwrap();
    let from = format!("{}/", source.path().display());
    let (_, moved) = upload(
        &server,
        &from,
        &["--rsync-path=echo started >>$HOME/log; rsync"],
    );
    assert_eq!(moved.files, 1);
    assert_eq!(
        fs::read_to_string(server.path("home").join("log")).unwrap(),
        "started\n"
    );
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn how_much_is_shown_is_told_with_the_command() {
    let server = Server::start();
    let to = server.path("tmp").join("file").display().to_string();
    let action = Action::new(move |cx: Cx| {
        let to = to.clone();
        async move {
            cx.shell().write(&*to, "x").show(Show::Nothing).await?;
            cx.shell().read(&*to).show(Show::Errors).await?;
            let copied = tempfile::tempdir().unwrap();
            let moved = cx
                .shell()
                .download(to, copied.path())
                .show(Show::Nothing)
                .await?;
            assert_eq!(moved.files, 1);
            Ok::<_, ploy::error::Failure>(())
        }
    });
    let mut catalogue = Catalogue::new();
    catalogue.add("job", ["web1"], [action]);
    let ran = run(three(&server), catalogue);
    assert!(ran.stats.is_ok(), "{:#?}", ran.faults("web1"));
    let of = |kind: &EventKind| match kind {
        EventKind::CommandStarted { show, .. } => Some(*show),
        _ => None,
    };
    let shows: Vec<Show> = ran
        .events
        .iter()
        .filter_map(|event| of(&event.kind))
        .collect();
    assert_eq!(shows, [Show::Nothing, Show::Errors, Show::Nothing]);
}
