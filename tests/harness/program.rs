use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use rustix::process::Pid;
use tempfile::TempDir;

use crate::built::built;
use crate::finished::Finished;
use crate::kept::Connections;
use crate::mark::Mark;
use crate::running::Running;
use crate::screen::Screen;
use crate::streams::{Streams, read};

/// Who takes a program's output.
type Take = Box<dyn FnMut(&[u8]) + Send>;

/// A program about to be run. Its environment is that of the tests without anything that decides
/// about colours or views, with a mark and a folder for temporary files of its own. The connections
/// that it keeps are its own too, and end with it or with what it has become.
pub struct Program {
    command: Command,
    mark: Mark,
    temporary: TempDir,
    connections: Connections,
    has_keys: bool,
}

impl Program {
    /// Where the binary or example of this workspace is that has this name.
    pub fn path(name: &str) -> PathBuf {
        built(name)
    }

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
            // With one of these, output is coloured, in groups, or annotated.
            "GITHUB_ACTIONS",
            "GITLAB_CI",
            "BUILDKITE",
            "PLOY_PROGRESS",
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
            has_keys: false,
        }
    }

    /// Lets it use the connections that others have kept, and keep its own for others.
    #[must_use]
    pub fn sharing(mut self, connections: &Connections) -> Self {
        self.connections = connections.clone();
        self
    }

    /// Runs it on a terminal of its own, which nobody watches: `script` of bsdutils makes one. Both
    /// its streams are then one, the standard output.
    #[must_use]
    pub fn on_terminal(self) -> Self {
        self.on_terminal_with(":")
    }

    /// The same; when it has ended, this script is run there too.
    #[must_use]
    pub fn on_terminal_with(self, script: &str) -> Self {
        let words = std::iter::once(self.command.get_program()).chain(self.command.get_args());
        let words = words.map(|word| word.to_str().unwrap());
        let line = shlex::try_join(words).unwrap();
        // The shell outlives a Ctrl-C, which goes to all that the terminal runs.
        let line = format!("trap : INT; {line}; code=$?; {script}; exit $code");
        self.through(
            Command::new("script"),
            ["-q", "-e", "-c", &line, "/dev/null"],
        )
        // `script` takes the shell from there, and otherwise one that depends on the machine.
        .env("SHELL", "/bin/sh")
        // Who reads the bytes wants those alone that go by.
        .env("PLOY_PROGRESS", "never")
    }

    /// Starts it on a terminal of its own with so many columns and rows, which somebody watches,
    /// and on which [keys](Running::type_keys) can be typed. What runs is drawn there. When it has
    /// ended, this script is run there too.
    ///
    /// # Panics
    ///
    /// If it cannot be started.
    pub fn start_on_terminal_of(self, columns: u16, rows: u16, script: &str) -> (Running, Screen) {
        let words = std::iter::once(self.command.get_program()).chain(self.command.get_args());
        let words = words.map(|word| word.to_str().unwrap());
        let line = shlex::try_join(words).unwrap();
        self.start_shell_on_terminal_of(
            columns,
            rows,
            // The shell outlives a Ctrl-C, which goes to all that the terminal runs.
            &format!("trap : INT; {line}; code=$?; {script}; exit $code"),
        )
    }

    /// The same for a script, in which `\"$0\" \"$@\"` stands for the program with its arguments.
    ///
    /// # Panics
    ///
    /// If it cannot be started.
    pub fn start_shell_on_terminal_of(
        self,
        columns: u16,
        rows: u16,
        script: &str,
    ) -> (Running, Screen) {
        let words = std::iter::once(self.command.get_program()).chain(self.command.get_args());
        let words: Vec<OsString> = words.map(ToOwned::to_owned).collect();
        // A session of its own, whose terminal is its standard input.
        let begin = ["-c", "-w", "bash", "-c", script].map(OsString::from);
        let program = self
            .through(Command::new("setsid"), begin.into_iter().chain(words))
            .env("TERM", "xterm-256color");
        let (screen, side) = Screen::new(columns, rows);
        (program.start_at(&screen, side), screen)
    }

    /// Runs it on a terminal of its own, as a job in the background of a shell.
    #[must_use]
    pub fn in_background_of_terminal(self) -> Self {
        let words = std::iter::once(self.command.get_program()).chain(self.command.get_args());
        let words = words.map(|word| word.to_str().unwrap());
        let line = shlex::try_join(words).unwrap();
        let line = format!("{line} & wait $!");
        let line = shlex::try_join(["bash", "-mc", &line]).unwrap();
        self.through(
            Command::new("script"),
            ["-q", "-e", "-c", &line, "/dev/null"],
        )
    }

    /// Lets it have no terminal at all, whatever the tests have.
    #[must_use]
    pub fn without_terminal(self) -> Self {
        let words = std::iter::once(self.command.get_program()).chain(self.command.get_args());
        let words: Vec<OsString> = words.map(ToOwned::to_owned).collect();
        self.through(
            Command::new("setsid"),
            std::iter::once("-w".into()).chain(words),
        )
    }

    /// Lets [keys](Running::type_keys) be typed on its terminal, or written to its standard input.
    #[must_use]
    pub fn with_keys(mut self) -> Self {
        self.has_keys = true;
        self
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

    /// Runs it in this folder.
    #[must_use]
    pub fn within(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
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

    fn start_at(mut self, screen: &Screen, side: File) -> Running {
        self.command
            .stdin(side.try_clone().unwrap())
            .stdout(side.try_clone().unwrap())
            .stderr(side);
        let child = self.spawn();
        let shown = screen.clone();
        // It keeps the bytes too.
        let streams = Arc::new(Streams::default());
        let kept = streams.clone();
        let reader = read(screen.terminal(), move |bytes| {
            shown.take(bytes);
            kept.take_in(0, bytes);
        });
        let keys: Box<dyn Write + Send> = Box::new(screen.terminal());
        self.running(child, Some(keys), streams, vec![reader])
    }

    fn spawn(&mut self) -> Child {
        let has_its_own = self
            .command
            .get_envs()
            .any(|(name, _)| name == "XDG_RUNTIME_DIR");
        if !has_its_own {
            self.command
                .env("XDG_RUNTIME_DIR", self.connections.folder());
        }
        self.command.spawn().unwrap()
    }

    fn start_reading(mut self, take: Option<Take>) -> Running {
        self.command
            .stdin(if self.has_keys {
                Stdio::piped()
            } else {
                Stdio::null()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = self.spawn();
        let keys = child
            .stdin
            .take()
            .map(|keys| Box::new(keys) as Box<dyn Write + Send>);
        let streams = Arc::new(Streams::default());
        let stdout = child.stdout.take().unwrap();
        let readers = vec![
            match take {
                Some(take) => read(stdout, take),
                None => streams.clone().follow(0, stdout),
            },
            streams.clone().follow(1, child.stderr.take().unwrap()),
        ];
        self.running(child, keys, streams, readers)
    }

    fn running(
        self,
        mut child: Child,
        keys: Option<Box<dyn Write + Send>>,
        streams: Arc<Streams>,
        readers: Vec<JoinHandle<()>>,
    ) -> Running {
        let pid = Pid::from_child(&child);
        let (sender, status) = mpsc::channel();
        std::thread::spawn(move || {
            let status = child.wait().unwrap();
            // Fails only if the test has given up.
            let _ = sender.send(status);
        });
        Running {
            pid,
            keys,
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
