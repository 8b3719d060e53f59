use std::ffi::{OsStr, OsString};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::built::built;
use crate::guard::GUARD;
use crate::kept::Connections;
use crate::mark::{Mark, Survivor};
use crate::streams::{Streams, read};

/// Who takes a program's output.
type Take = Box<dyn FnMut(&[u8]) + Send>;

/// A program about to be run. Its environment is that of the tests without anything that decides about colours, with
/// a mark and a folder for temporary files of its own. The connections that it keeps are its own too, and end with it
/// or with what it has become.
pub struct Program {
    command: Command,
    mark: Mark,
    temporary: TempDir,
    connections: Connections,
}

/// A program that runs. Dropped before it has ended, it is killed with all that it started.
pub struct Running {
    pid: Pid,
    mark: Mark,
    temporary: TempDir,
    connections: Connections,
    streams: Arc<Streams>,
    readers: Vec<JoinHandle<()>>,
    status: mpsc::Receiver<ExitStatus>,
    ended: bool,
}

/// A program that has ended.
pub struct Finished {
    /// Its exit code, if it exited.
    pub code: Option<i32>,
    /// The signal that ended it, if one did.
    pub signal: Option<i32>,
    /// Its standard output.
    pub stdout: Vec<u8>,
    /// Its standard error.
    pub stderr: Vec<u8>,
    /// The mark of all that it started.
    pub mark: Mark,
    /// Its folder for temporary files.
    pub temporary: TempDir,
    /// Where it keeps connections.
    pub connections: Connections,
}

impl Program {
    /// The binary or example of this workspace that has this name, with these arguments.
    pub fn new<S: AsRef<OsStr>>(name: &str, arguments: impl IntoIterator<Item = S>) -> Self {
        let mut command = Command::new(built(name));
        let mark = Mark::new();
        let temporary = tempfile::Builder::new().prefix("t").tempdir().unwrap();
        command.args(arguments);
        for variable in [
            "NO_COLOR",
            "CLICOLOR",
            "CLICOLOR_FORCE",
            "FORCE_COLOR",
            // With it no connection is kept.
            "CI",
        ] {
            command.env_remove(variable);
        }
        let (variable, value) = mark.variable();
        command.env(variable, value).env("TMPDIR", temporary.path());
        Program {
            command,
            mark,
            temporary,
            connections: Connections::new(),
        }
    }

    /// Lets it use the connections that others have kept, and keep its own for others.
    #[must_use]
    pub fn sharing(mut self, connections: &Connections) -> Self {
        self.connections = connections.clone();
        self
    }

    /// Runs it on a terminal of its own, which nobody watches: `script` of bsdutils makes one. Both its streams are then
    /// one, the standard output.
    #[must_use]
    pub fn on_terminal(self) -> Self {
        let words = std::iter::once(self.command.get_program()).chain(self.command.get_args());
        let words = words.map(|word| word.to_str().unwrap());
        let line = shlex::try_join(words).unwrap();
        self.through(
            Command::new("script"),
            ["-q", "-e", "-c", &line, "/dev/null"],
        )
    }

    /// Lets it open so many files at a time, and no more whatever it tries.
    #[must_use]
    pub fn with_files(self, most: u32) -> Self {
        let words = std::iter::once(self.command.get_program()).chain(self.command.get_args());
        let words: Vec<OsString> = words.map(ToOwned::to_owned).collect();
        let limit = format!("ulimit -n {most}; exec \"$0\" \"$@\"");
        let begin = ["-c".into(), limit.into()];
        self.through(Command::new("sh"), begin.into_iter().chain(words))
    }

    fn through<S: AsRef<OsStr>>(
        mut self,
        mut command: Command,
        arguments: impl IntoIterator<Item = S>,
    ) -> Self {
        command.args(arguments);
        for (name, value) in self.command.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        self.command = command;
        self
    }

    /// Sets a variable of its environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.command.env(name, value.into());
        self
    }

    /// Its folder for temporary files.
    pub fn temporary(&self) -> &Path {
        self.temporary.path()
    }

    /// Starts it, without standard input.
    ///
    /// # Panics
    ///
    /// If it cannot be started.
    pub fn start(self) -> Running {
        self.start_reading(None)
    }

    /// Starts it, and hands its standard output over as it comes instead of keeping it.
    ///
    /// # Panics
    ///
    /// If it cannot be started.
    pub fn start_with(self, take: impl FnMut(&[u8]) + Send + 'static) -> Running {
        self.start_reading(Some(Box::new(take)))
    }

    fn start_reading(mut self, take: Option<Take>) -> Running {
        let has_its_own = self
            .command
            .get_envs()
            .any(|(name, _)| name == "XDG_RUNTIME_DIR");
        if !has_its_own {
            self.command
                .env("XDG_RUNTIME_DIR", self.connections.folder());
        }
        self.command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = self.command.spawn().unwrap();
        let pid = Pid::from_child(&child);
        let streams = Arc::new(Streams::default());
        let stdout = child.stdout.take().unwrap();
        let readers = vec![
            match take {
                Some(take) => read(stdout, take),
                None => streams.clone().follow(0, stdout),
            },
            streams.clone().follow(1, child.stderr.take().unwrap()),
        ];
        let (sender, status) = mpsc::channel();
        std::thread::spawn(move || {
            let status = child.wait().unwrap();
            // Fails only if the test has given up.
            let _ = sender.send(status);
        });
        Running {
            pid,
            mark: self.mark,
            temporary: self.temporary,
            connections: self.connections,
            streams,
            readers,
            status,
            ended: false,
        }
    }

    /// Runs it to its end.
    pub fn run(self) -> Finished {
        self.start().finish()
    }
}

impl Running {
    /// The mark of all that it starts.
    pub fn mark(&self) -> &Mark {
        &self.mark
    }

    /// Its folder for temporary files.
    pub fn temporary(&self) -> &Path {
        self.temporary.path()
    }

    /// Where it keeps connections.
    pub fn connections(&self) -> &Connections {
        &self.connections
    }

    /// Sends it a signal.
    ///
    /// # Panics
    ///
    /// If it is not there any more.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).unwrap();
    }

    /// Waits until it has put out this text `count` times, on either stream.
    ///
    /// # Panics
    ///
    /// If it never does.
    pub fn wait_for(&self, count: usize, text: &str) {
        self.streams.wait_for(count, text);
    }

    /// What it has put out on its standard output so far.
    pub fn output(&self) -> String {
        String::from_utf8_lossy(&self.streams.so_far()).into_owned()
    }

    /// Waits for its end.
    ///
    /// # Panics
    ///
    /// If it does not end.
    pub fn finish(self) -> Finished {
        self.finish_within(GUARD)
    }

    /// Waits for its end, which may be as far off as this.
    ///
    /// # Panics
    ///
    /// If it does not end.
    pub fn finish_within(mut self, limit: Duration) -> Finished {
        let Ok(status) = self.status.recv_timeout(limit) else {
            panic!("it does not end:\n{}", self.streams);
        };
        self.ended = true;
        for reader in self.readers.drain(..) {
            reader.join().unwrap();
        }
        let [stdout, stderr] = self.streams.take();
        let temporary = std::mem::replace(&mut self.temporary, TempDir::new().unwrap());
        Finished {
            code: status.code(),
            signal: status.signal(),
            stdout,
            stderr,
            mark: self.mark.clone(),
            temporary,
            connections: self.connections.clone(),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.ended {
            let _ = kill_process(self.pid, Signal::KILL);
            self.mark.kill_all();
        }
    }
}

impl Finished {
    /// Its standard output as text.
    pub fn out(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Its standard error as text.
    pub fn err(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }

    /// The same, if it ended with this exit code.
    ///
    /// # Panics
    ///
    /// If it did not, with what it put out.
    #[must_use]
    pub fn exited(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "signal {:?}\n{}\n{}",
            self.signal,
            self.out(),
            self.err()
        );
        self
    }

    /// Checks that nothing that it started still runs but for the connections that it keeps, and that its folder for
    /// temporary files is empty.
    ///
    /// # Panics
    ///
    /// If something was left.
    pub fn assert_clean(&self) {
        self.mark.wait_until_gone(Survivor::is_master);
        let mut left: Vec<_> = self
            .temporary
            .path()
            .read_dir()
            .unwrap()
            .flatten()
            .map(|entry| entry.path())
            .collect();
        left.extend(self.connections.strange());
        assert!(left.is_empty(), "temporary files were left: {left:?}");
    }
}
