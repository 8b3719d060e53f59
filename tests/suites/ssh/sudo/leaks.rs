//! Where a password can be seen, and where it cannot.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use ploy_tests::until;
use rustix::process::Signal;

use super::{PasswordFile, Sudo};

/// The password that is looked for on the whole machine, so no other test has it.
const PASSWORD: &str = r#" ti's "7$" \n `id` ü% "#;

/// What must not be found: the password, and as base64 has the middle of it.
const FORMS: [&[u8]; 2] = [PASSWORD.as_bytes(), b"J3MgIjckIiBcbiBg"];

fn has_it(bytes: &[u8]) -> bool {
    FORMS
        .iter()
        .any(|form| bytes.windows(form.len()).any(|part| part == *form))
}

/// All that can be read of processes by others than themselves: arguments and environments. Returns
/// how many there were.
#[track_caller]
fn look_at_processes() -> usize {
    let mut count = 0;
    let own = std::process::id().to_string();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        // The tests' own is where the password comes from; it is in no process's arguments, though.
        for file in ["cmdline", "environ"] {
            let bytes = fs::read(entry.path().join(file)).unwrap_or_default();
            if entry.file_name().to_str() == Some(&own) {
                continue;
            }
            assert!(
                !has_it(&bytes),
                "{}/{file}: {}",
                entry.path().display(),
                String::from_utf8_lossy(&bytes)
            );
            count += usize::from(!bytes.is_empty());
        }
    }
    count
}

/// All files below a folder that were written since then, but for those in which tests have it on
/// purpose.
#[track_caller]
fn look_at_files(folder: &Path, since: SystemTime) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            look_at_files(&path, since);
        } else if kind.is_file() && entry.file_name() != "password" {
            let written = entry.metadata().and_then(|found| found.modified());
            if written.is_ok_and(|written| written < since) {
                continue;
            }
            let bytes = fs::read(&path).unwrap_or_default();
            assert!(!has_it(&bytes), "{}", path.display());
        }
    }
}

#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn the_password_is_nowhere_while_a_command_runs_nor_after() {
    let begin = SystemTime::now();
    let sudo = Sudo::with_password(PASSWORD, "USER ALL=(ALL:ALL) ALL");
    let file = PasswordFile::of(PASSWORD);
    // The command waits for it, however long it takes to look at everything.
    let folder = tempfile::tempdir().unwrap();
    let gate = folder.path().join("gate");
    // It puts its own password out, in every form.
    let text = format!(
        "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'; cat {0}; base64 -w0 {0}; (echo x; cat {0}) | base64 -w0; set -x; : \"$(cat {0})\"; set +x; echo; echo asleep; while [ ! -e {1} ]; do sleep 0.1; done; exit 3",
        file.path(),
        gate.display()
    );
    let running = sudo
        .program(&["as-root", "-r", "web", "--sudo-pass-file", file.path()])
        .env("PROBE_SCRIPT", text)
        .start();
    // From the first moment on, since it is handed over then.
    let is_over = Arc::new(AtomicBool::new(false));
    let looking = std::thread::spawn({
        let is_over = is_over.clone();
        move || {
            let mut looks = 0;
            while !is_over.load(Ordering::Relaxed) {
                look_at_processes();
                looks += 1;
            }
            looks
        }
    });
    running.wait_for(3, "| asleep");
    assert!(look_at_processes() > 20);
    assert_eq!(running.mark().running("as-root").len(), 1);
    let places = [
        Path::new("/tmp"),
        Path::new("/dev/shm"),
        Path::new("/run"),
        Path::new("/var/tmp"),
        Path::new("/var/log"),
        sudo.user.home(),
    ];
    places.iter().for_each(|place| look_at_files(place, begin));
    fs::write(&gate, "").unwrap();
    let finished = running.finish().exited(1);
    is_over.store(true, Ordering::Relaxed);
    assert!(looking.join().unwrap() > 5);
    for stream in [&finished.stdout, &finished.stderr] {
        assert!(!has_it(stream), "{}", String::from_utf8_lossy(stream));
        assert!(stream.windows(3).any(|part| part == b"***"));
    }
    places.iter().for_each(|place| look_at_files(place, begin));
    finished.assert_clean();
}

#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn nothing_of_root_is_left_when_the_program_is_killed() {
    let sudo = Sudo::all();
    let file = PasswordFile::new();
    // Seconds that nobody else on this machine sleeps.
    let long = format!("22{}", std::process::id());
    let sleep = format!("sleep\0{long}");
    for stubborn in ["", "trap '' HUP INT TERM; "] {
        let text = format!(
            "{stubborn}sh -c 'sleep {long}1; :' & sleep {long}2 | cat & echo asleep; while :; do sleep 1; done"
        );
        let running = sudo
            .program(&["as-root", "-r", "web", "--sudo-pass-file", file.path()])
            .env("PROBE_SCRIPT", text)
            .start();
        running.wait_for(3, "| asleep");
        let count = || {
            let all = fs::read_dir("/proc").unwrap().flatten();
            let lines = all.filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
            lines
                .filter(|line| line.starts_with(sleep.as_bytes()))
                .count()
        };
        until("all of it runs", || count() == 6);
        running.signal(Signal::KILL);
        until("nothing of it runs", || count() == 0);
        drop(running);
        until("nothing is left in /tmp", || {
            sudo.user.temporary_files().is_empty()
        });
    }
}
