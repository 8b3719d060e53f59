//! More output than anybody wants to keep.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ploy::event::Stream;
use ploy_tests::{Finished, Program, Server};

use super::{run, script, three};

const MIB: usize = 1024 * 1024;

/// The length of a line that a site puts out, with its end.
const LINE: usize = 1024;

/// By how much the program's memory may grow, whatever it passes on.
const GROWTH: usize = 64 * 1024;

/// Puts out so many lines with numbers.
fn numbered(lines: usize) -> String {
    format!(
        "awk 'BEGIN {{ pad = sprintf(\"%{}s\", \"\"); gsub(/ /, \"x\", pad); \
         for (n = 0; n < {lines}; n++) printf \"%010d %s\\n\", n, pad }}'",
        LINE - 12
    )
}

/// Sees to it that the numbered lines of each site are all there, whole and in order, and keeps
/// none.
#[derive(Default)]
struct Check {
    /// The beginning of a line whose end has not come yet.
    rest: Vec<u8>,
    lines: BTreeMap<String, usize>,
    wrong: Option<String>,
}

impl Check {
    fn take(&mut self, bytes: &[u8]) {
        self.rest.extend_from_slice(bytes);
        let mut at = 0;
        while self.wrong.is_none()
            && let Some(used) = self.line(at)
        {
            at += used;
        }
        self.rest.drain(..at);
    }

    /// Checks the line that begins there: `web1 | 0000000007 xxx`. Returns its length, if all of it
    /// is there.
    fn line(&mut self, at: usize) -> Option<usize> {
        let bytes = &self.rest[at..];
        let head = String::from_utf8_lossy(bytes.get(..32)?).into_owned();
        let Some((site, _)) = head.split_once(" | ") else {
            self.wrong = Some(head);
            return None;
        };
        // Names are made equally long.
        let site = site.trim_end();
        let length = head.find(" | ").unwrap() + 3 + LINE;
        let line = bytes.get(..length)?;
        let next = self.lines.entry(site.to_owned()).or_default();
        let mut expected = format!("{next:010} ").into_bytes();
        expected.resize(LINE - 1, b'x');
        expected.push(b'\n');
        *next += 1;
        if line[length - LINE..] != expected {
            self.wrong = Some(String::from_utf8_lossy(line).into_owned());
        }
        Some(length)
    }
}

/// Runs a script on sites and checks its numbered lines. Tells how many there were from each.
fn flood(server: &Server, sites: &str, lines: usize) -> BTreeMap<String, usize> {
    let check = Arc::new(Mutex::new(Check::default()));
    let ours = check.clone();
    let finished = Program::new("probe", ["measured", "--limit", sites])
        .env("PROBE_CONFIG", server.config())
        .env("PROBE_SCRIPT", numbered(lines))
        .start_with(move |bytes| ours.lock().unwrap().take(bytes))
        .finish_within(Duration::from_secs(600))
        .exited(0);
    let Check { rest, lines, wrong } = std::mem::take(&mut *check.lock().unwrap());
    assert_eq!(wrong, None);
    assert_eq!(String::from_utf8_lossy(&rest), "");
    assert!(growth(&finished) < GROWTH, "{}", finished.err());
    finished.assert_clean();
    lines
}

/// By how many KiB the program's memory grew at most.
fn growth(finished: &Finished) -> usize {
    let err = finished.err();
    let sizes = |when: &str| -> Vec<usize> {
        err.lines()
            .filter_map(|line| line.split_once(when)?.1.strip_suffix(" KiB")?.parse().ok())
            .collect()
    };
    let (before, after) = (sizes("before: "), sizes("after: "));
    after.into_iter().max().unwrap() - before.into_iter().min().unwrap()
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_gibibyte_from_one_site() {
    let server = Server::start();
    let lines = 1024 * MIB / LINE;
    let came = flood(&server, "web1", lines);
    assert_eq!(came, BTreeMap::from([("web1".to_owned(), lines)]));
    server.assert_empty();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_hundred_mebibytes_from_each_of_twenty_sites() {
    let server = Server::start();
    let lines = 100 * MIB / LINE;
    let came = flood(&server, "host[1-20]", lines);
    let expected = (1..=20).map(|number| (format!("host{number}"), lines));
    assert_eq!(came, expected.collect());
    server.assert_empty();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_line_of_fifty_mebibytes() {
    let server = Server::start();
    let count = Arc::new(Mutex::new(0));
    let ours = count.clone();
    let length = 50 * MIB;
    let script = format!("head -c {length} /dev/zero | tr '\\0' x; echo; echo after");
    let finished = Program::new("probe", ["measured", "--limit", "web1"])
        .env("PROBE_CONFIG", server.config())
        .env("PROBE_SCRIPT", &script)
        .start_with(move |bytes| {
            *ours.lock().unwrap() += bytes.iter().filter(|byte| **byte == b'x').count();
        })
        .finish_within(Duration::from_secs(600))
        .exited(0);
    assert_eq!(*count.lock().unwrap(), length);
    assert!(growth(&finished) < GROWTH, "{}", finished.err());
    let ran = run(three(&server), super::script(["web1"], &script));
    let mut expected = vec![b'x'; length];
    expected.extend(b"\nafter\n");
    assert!(ran.output("web1", Stream::Stdout) == expected);
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn bytes_that_are_no_text_come_as_they_are() {
    let server = Server::start();
    let file = server.path("random");
    let made = Command::new("sh")
        .args(["-c", "head -c 8000000 /dev/urandom >\"$0\""])
        .arg(&file)
        .status();
    assert!(made.unwrap().success());
    let text = format!("cat {0}; cat {0} >&2", file.display());
    let ran = run(three(&server), script(["web1"], &text));
    let expected = std::fs::read(&file).unwrap();
    assert!(ran.output("web1", Stream::Stdout) == expected);
    assert!(ran.output("web1", Stream::Stderr) == expected);
    assert!(ran.stats.is_ok());
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_command_may_close_its_output_early() {
    let server = Server::start();
    let text = "echo first; exec >&-; sleep 0.5; echo oops >&2; exec 2>&-; sleep 0.5; exit 3";
    let ran = run(three(&server), script(["web1", "web2"], text));
    for site in ["web1", "web2"] {
        assert_eq!(ran.output(site, Stream::Stdout), b"first\n");
        assert_eq!(ran.output(site, Stream::Stderr), b"oops\n");
        assert_eq!(ran.fault(site).command.unwrap().code, Some(3));
    }
    let ran = run(three(&server), script(["web1"], "exec >&- 2>&-; sleep 0.5"));
    assert!(ran.stats.is_ok(), "{:#?}", ran.faults("web1"));
    server.assert_empty();
}
