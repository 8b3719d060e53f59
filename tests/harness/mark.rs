use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::guard::GUARD;

/// The environment variable by which processes are told apart that belong to a test.
const VARIABLE: &str = "PLOY_TEST_MARK";

/// A mark that a program hands down to every process that it starts, however far down, unless one
/// clears its environment.
#[derive(Clone, Debug)]
pub struct Mark(String);

/// A process that carries a mark.
#[derive(Clone, Debug)]
pub struct Survivor {
    /// Its id.
    pub pid: Pid,
    /// Its command line.
    pub command: String,
}

impl Survivor {
    /// Whether it is the process that holds an ssh connection, which may be kept on purpose. It is
    /// no command.
    pub fn is_master(&self) -> bool {
        self.command.starts_with("ssh: ") || self.command.starts_with("ssh -M ")
    }
}

impl Mark {
    /// A mark that no other process has.
    #[allow(clippy::new_without_default)] // No two are equal, which a default would suggest.
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        Mark(format!(
            "{}-{}-",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        ))
    }

    /// The environment variable that carries it: name and value.
    pub fn variable(&self) -> (&'static str, &str) {
        (VARIABLE, &self.0)
    }

    /// All processes that carry it.
    pub fn processes(&self) -> Vec<Survivor> {
        let wanted = format!("{VARIABLE}={}", self.0);
        let mut found = Vec::new();
        for entry in fs::read_dir("/proc").expect("/proc is not there").flatten() {
            let Some(pid) = entry
                .file_name()
                .to_str()
                .and_then(|name| name.parse().ok())
                .and_then(Pid::from_raw)
            else {
                continue;
            };
            // A process that ended meanwhile, or that is a zombie, has an empty environment.
            let environment = fs::read(entry.path().join("environ")).unwrap_or_default();
            if environment
                .split(|byte| *byte == 0)
                .any(|line| line == wanted.as_bytes())
            {
                let command = fs::read(entry.path().join("cmdline")).unwrap_or_default();
                let command = String::from_utf8_lossy(&command)
                    .replace('\0', " ")
                    .trim()
                    .to_owned();
                found.push(Survivor { pid, command });
            }
        }
        found
    }

    /// All processes that carry it and have this in their command line.
    pub fn running(&self, needle: &str) -> Vec<Survivor> {
        let mut processes = self.processes();
        processes.retain(|process| process.command.contains(needle));
        processes
    }

    /// Waits until no process carries it, but for those that `spared` holds for.
    ///
    /// # Panics
    ///
    /// If one is still there after a while, with its command line.
    pub fn wait_until_gone(&self, spared: impl Fn(&Survivor) -> bool) {
        self.wait_until_gone_within(GUARD, spared);
    }

    /// The same, for what may take as long as this.
    ///
    /// # Panics
    ///
    /// If one is still there then.
    pub fn wait_until_gone_within(&self, limit: Duration, spared: impl Fn(&Survivor) -> bool) {
        let begin = Instant::now();
        loop {
            let mut left = self.processes();
            left.retain(|process| !spared(process));
            if left.is_empty() {
                return;
            }
            assert!(begin.elapsed() < limit, "left behind: {left:#?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Sends a signal to the processes that carry it and run this program.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub fn signal(&self, program: &str, signal: Signal) {
        let is_it = |one: &Survivor| {
            let first = one.command.split(' ').next().unwrap_or_default();
            first.rsplit('/').next() == Some(program)
        };
        let found: Vec<Survivor> = self.processes().into_iter().filter(is_it).collect();
        assert!(!found.is_empty(), "nothing runs `{program}`");
        for one in found {
            let _ = kill_process(one.pid, signal);
        }
    }

    /// Kills what carries it: what a failed test left behind.
    pub fn kill_all(&self) {
        for process in self.processes() {
            let _ = kill_process(process.pid, Signal::KILL);
        }
    }
}

/// All processes below this one.
pub(crate) fn descendants(root: Pid) -> Vec<Survivor> {
    let parent = |pid: i32| -> Option<i32> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name, in parentheses, may hold anything.
        stat.rsplit_once(')')?
            .1
            .split_whitespace()
            .nth(1)?
            .parse()
            .ok()
    };
    let entries = fs::read_dir("/proc").expect("/proc is not there").flatten();
    let all: Vec<(i32, i32)> = entries
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(|pid| Some((pid, parent(pid)?)))
        .collect();
    let mut found = vec![root.as_raw_nonzero().get()];
    let mut next = 0;
    while next < found.len() {
        let of = found[next];
        found.extend(
            all.iter()
                .filter(|(_, parent)| *parent == of)
                .map(|(pid, _)| *pid),
        );
        next += 1;
    }
    found[1..]
        .iter()
        .filter_map(|pid| {
            let command = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
            let command = String::from_utf8_lossy(&command).replace('\0', " ");
            Some(Survivor {
                pid: Pid::from_raw(*pid)?,
                command,
            })
        })
        .collect()
}
