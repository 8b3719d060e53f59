use std::future::IntoFuture;
use std::panic::Location;
use std::pin::Pin;
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt};

use super::capture::{Capture, tail};
use super::shell::{NO_DIRECTORY, NO_DIRECTORY_MARK};
use super::{CancelLevel, Output, Script, Shell};
use crate::error::{CommandReport, Failure, Kind};
use crate::event::{EventKind, Stream};
use crate::transport::{Exit, Process, Signal};

/// How much of each stream is captured, unless told otherwise: 64 KiB.
const CAPTURE: usize = 64 * 1024;

/// How long a command whose time is up, or that was left behind, has between TERM and KILL.
const TERM_TO_KILL: Duration = Duration::from_secs(5);

/// How long a killed command may take to be gone before we stop waiting for it.
const KILL_TO_GIVE_UP: Duration = Duration::from_secs(3);

/// How long children that a command left behind have between TERM and KILL.
const LEFT_BEHIND: Duration = Duration::from_secs(2);

/// How long may be waited, all in all, for output after a command has ended: something that left its group on purpose
/// may hold it open.
const DRAIN: Duration = Duration::from_secs(2);

/// How much may still come out then: more than a pipe holds.
const DRAIN_BYTES: usize = 1024 * 1024;

/// A command about to run; await it.
#[must_use = "a command runs when it is awaited"]
pub struct Run {
    shell: Shell,
    script: Script,
    at: &'static Location<'static>,
    capture_limit: usize,
    timeout: Option<Duration>,
    unchecked: bool,
    cwd: Option<String>,
}

impl Run {
    pub(super) fn new(shell: Shell, script: Script, at: &'static Location<'static>) -> Self {
        let timeout = shell.0.site.timeout;
        Run {
            shell,
            script,
            at,
            capture_limit: CAPTURE,
            timeout,
            unchecked: false,
            cwd: None,
        }
    }

    /// How many bytes of the end of each stream are captured; 64 KiB unless set. Shown output has no limit.
    pub fn capture_limit(mut self, bytes: usize) -> Self {
        self.capture_limit = bytes;
        self
    }

    /// How long the command may take; the site's `timeout` unless set. When it is up, the command and its children
    /// get TERM, and KILL five seconds later.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// The working directory, instead of the site's `path`; a relative one hangs on that.
    pub fn cwd(mut self, path: impl Into<String>) -> Self {
        self.cwd = Some(path.into());
        self
    }

    /// Makes an exit status other than 0 no error: it is in the [`Output`].
    pub fn unchecked(mut self) -> Self {
        self.unchecked = true;
        self
    }

    async fn execute(self) -> Result<Output, Failure> {
        let at = self.at;
        self.execute_here().await.map_err(|failure| failure.at(at))
    }

    async fn execute_here(self) -> Result<Output, Failure> {
        let Run {
            shell,
            script,
            capture_limit,
            timeout,
            unchecked,
            cwd,
            ..
        } = self;
        let site = shell.name();
        let path = shell.directory(cwd.as_deref());
        let mut text = shell.preamble(path.as_deref())?;
        text.extend_from_slice(script.text()?);
        let shown = script.to_string();
        if let Some(user) = &shell.0.site.run_as {
            return Err(Failure::new(
                Kind::Usage,
                format!("cannot run `{shown}` on {site} as `{user}`"),
                "this version of ploy does not know `run_as` yet",
            )
            .with_hint(format!(
                "remove `run_as` from the site, and log in as `user: \"{user}\"` where that will do"
            )));
        }
        let program = shell.0.site.shell.as_deref().unwrap_or("sh");
        let process = tokio::select! {
            biased;
            () = shell.0.cancel.reached(CancelLevel::Term) => return Err(cancelled(site, &shown)),
            process = shell.0.transport.spawn(site, program, &text) => process?,
        };
        // Neither connecting nor waiting for a place counts.
        let begin = Instant::now();
        let mut watched = Watched::new(&shell, shown, capture_limit, timeout, begin);
        let exit = watched.watch(process).await?;
        let report = watched.report(exit);
        match watched.ended_by {
            None => {}
            Some(EndedBy::Cancel) => {
                return Err(cancelled(site, &report.command).with_command(report));
            }
            Some(EndedBy::Timeout(limit)) => {
                let cause = format!("it ran longer than {}", seconds(limit));
                return Err(Failure::new(
                    Kind::Timeout,
                    format!("command timed out on {site}"),
                    cause,
                )
                .with_command(report));
            }
        }
        let output = watched.output(exit);
        if output.success() || unchecked {
            return Ok(output);
        }
        Err(failed(&shell, report, path.as_deref()))
    }
}

impl IntoFuture for Run {
    type Output = Result<Output, Failure>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.execute())
    }
}

/// Who ended a command, if not itself.
#[derive(Clone, Copy)]
enum EndedBy {
    Cancel,
    Timeout(Duration),
}

/// A command while it runs, and what it has put out so far.
pub(crate) struct Watched<'a> {
    shell: &'a Shell,
    shown: String,
    number: u32,
    stdout: Capture,
    stderr: Capture,
    timeout: Option<Duration>,
    begin: Instant,
    ended_by: Option<EndedBy>,
    captured: Option<[(Vec<u8>, u64); 2]>,
    is_finished: bool,
}

impl<'a> Watched<'a> {
    pub(crate) fn new(
        shell: &'a Shell,
        shown: String,
        capture_limit: usize,
        timeout: Option<Duration>,
        begin: Instant,
    ) -> Self {
        let number = shell.0.emitter.next_command();
        let watched = Watched {
            shell,
            number,
            stdout: Capture::new(capture_limit),
            stderr: Capture::new(capture_limit),
            timeout,
            begin,
            ended_by: None,
            captured: None,
            is_finished: false,
            shown,
        };
        shell.0.emitter.emit(EventKind::CommandStarted {
            action: shell.0.emitter.action(),
            command: number,
            script: watched.shown.clone(),
            local: shell.0.local,
        });
        watched
    }

    /// Waits for the end of the process, passing on what it puts out, and ends it when it is told or its time is up.
    pub(crate) async fn watch(&mut self, process: Process) -> Result<Exit, Failure> {
        let Process {
            stdout,
            stderr,
            mut wait,
            mut group,
            wait_last,
        } = process;
        let emitter = &self.shell.0.emitter;
        let cancel = &self.shell.0.cancel;
        let (mut ended_by, begin) = (None, self.begin);
        let (mut out, mut err) = (self.stdout.take(), self.stderr.take());
        let (end, ended) = tokio::sync::watch::channel(None);
        let streams = async {
            tokio::join!(
                pass_on(
                    stdout,
                    Stream::Stdout,
                    &mut out,
                    emitter.as_ref(),
                    self.number,
                    &ended
                ),
                pass_on(
                    stderr,
                    Stream::Stderr,
                    &mut err,
                    emitter.as_ref(),
                    self.number,
                    &ended
                ),
            );
        };
        let mut streams = Box::pin(streams);
        let mut streams_open = true;
        let mut deadline = self
            .timeout
            .map(|limit| tokio::time::Instant::from_std(begin + limit));
        let mut level = CancelLevel::None;
        let exit = loop {
            let next = match level {
                CancelLevel::None => CancelLevel::Term,
                _ => CancelLevel::Kill,
            };
            tokio::select! {
                exit = &mut wait, if !(wait_last && streams_open) => break exit,
                () = &mut streams, if streams_open => streams_open = false,
                () = cancel.reached(next), if level < CancelLevel::Kill => {
                    ended_by.get_or_insert(EndedBy::Cancel);
                    level = cancel.level().min(CancelLevel::Kill);
                    group.signal(if level == CancelLevel::Kill { Signal::Kill } else { Signal::Term });
                    // Whoever cancels decides when TERM becomes KILL.
                    deadline = (level == CancelLevel::Kill).then(|| tokio::time::Instant::now() + KILL_TO_GIVE_UP);
                }
                () = at(deadline) => {
                    if level == CancelLevel::Kill {
                        break Err(Failure::new(
                            Kind::Timeout,
                            format!("`{}` on {} did not end", self.shown, self.shell.name()),
                            "it was killed and is still there",
                        ));
                    }
                    ended_by.get_or_insert(EndedBy::Timeout(self.timeout.unwrap_or_default()));
                    level = if level == CancelLevel::None { CancelLevel::Term } else { CancelLevel::Kill };
                    let (signal, more) = match level {
                        CancelLevel::Kill => (Signal::Kill, KILL_TO_GIVE_UP),
                        _ => (Signal::Term, TERM_TO_KILL),
                    };
                    group.signal(signal);
                    deadline = Some(tokio::time::Instant::now() + more);
                }
            }
        };
        end.send_replace(Some(Instant::now()));
        // What it left behind in the background is told to end too; else its output could stay open for ever.
        // A group that was ended by us is dying already.
        let left_behind = exit.is_ok() && group.ended() && ended_by.is_none();
        if streams_open {
            tokio::select! {
                () = streams.as_mut() => {}
                // Whoever is to show the output may be stuck.
                () = cancel.reached(CancelLevel::Kill) => {}
            }
        }
        drop(streams);
        if left_behind {
            group.clear(LEFT_BEHIND).await;
        }
        drop(group);
        (self.stdout, self.stderr) = (out, err);
        self.ended_by = ended_by;
        self.finished(exit.as_ref().ok().copied(), left_behind);
        exit
    }

    fn finished(&mut self, exit: Option<Exit>, left_behind: bool) {
        self.is_finished = true;
        self.captured = Some([self.stdout.take().finish(), self.stderr.take().finish()]);
        self.shell.0.emitter.emit(EventKind::CommandFinished {
            action: self.shell.0.emitter.action(),
            command: self.number,
            code: exit.and_then(code),
            duration: u64::try_from(self.begin.elapsed().as_millis()).unwrap_or(u64::MAX),
            left_behind,
        });
    }

    /// What an error says of the command.
    pub(crate) fn report(&self, exit: Exit) -> CommandReport {
        let mut report = CommandReport::new(self.shell.name(), &self.shown, self.begin.elapsed());
        report.code = code(exit);
        if let Exit::Signal(signal) = exit {
            report.signal = signal;
        }
        if let Some([(stdout, _), (stderr, _)]) = &self.captured {
            report.stdout = tail(stdout, 10, 4096);
            report.stderr = tail(stderr, 20, 8192);
        }
        report
    }

    fn output(&mut self, exit: Exit) -> Output {
        let [(stdout, dropped), (stderr, _)] = self.captured.take().unwrap_or_default();
        Output {
            code: code(exit),
            stdout,
            stderr,
            dropped,
            duration: self.begin.elapsed(),
        }
    }

    /// Whether it was ended because the run is cancelled.
    pub(crate) fn was_cancelled(&self) -> bool {
        matches!(self.ended_by, Some(EndedBy::Cancel))
    }
}

/// A command whose future is dropped has ended too: its process group is told to, and so is whoever listens.
impl Drop for Watched<'_> {
    fn drop(&mut self) {
        if !self.is_finished {
            self.finished(None, false);
        }
    }
}

fn code(exit: Exit) -> Option<i32> {
    match exit {
        Exit::Code(code) => Some(code),
        Exit::Signal(_) => None,
    }
}

async fn at(deadline: Option<tokio::time::Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// When a command ended, once it has.
type Ended = tokio::sync::watch::Receiver<Option<Instant>>;

async fn pass_on(
    mut from: impl AsyncRead + Unpin,
    stream: Stream,
    capture: &mut Capture,
    emitter: &dyn super::Emitter,
    command: u32,
    ended: &Ended,
) {
    // Grows to 64 KiB for a command that puts out much; most put out next to nothing.
    let mut buffer = Vec::with_capacity(1024);
    let (mut patience, mut rest) = (DRAIN, DRAIN_BYTES);
    loop {
        buffer.clear();
        let begin = Instant::now();
        let read = tokio::select! {
            biased;
            read = from.read_buf(&mut buffer) => read,
            () = silence_after(ended, patience) => return,
        };
        let Ok(count @ 1..) = read else { return };
        if let Some(end) = *ended.borrow() {
            // Only the time counts in which nothing came, not the time in which it could not be taken.
            patience = patience.saturating_sub(end.max(begin).elapsed());
            rest = rest.saturating_sub(count);
        }
        capture.push(&buffer);
        let full = count == buffer.capacity();
        let capacity = if full {
            (buffer.capacity() * 4).min(CAPTURE)
        } else {
            buffer.capacity()
        };
        emitter
            .output(
                command,
                stream,
                std::mem::replace(&mut buffer, Vec::with_capacity(capacity)),
            )
            .await;
        if rest == 0 {
            return;
        }
    }
}

async fn silence_after(ended: &Ended, patience: Duration) {
    if ended.clone().wait_for(Option::is_some).await.is_ok() {
        tokio::time::sleep(patience).await;
    }
}

pub(crate) fn cancelled(site: &str, shown: &str) -> Failure {
    Failure::new(
        Kind::Cancelled,
        format!("`{shown}` was ended on {site}"),
        "the run is cancelled",
    )
}

fn failed(shell: &Shell, report: CommandReport, path: Option<&str>) -> Failure {
    let site = shell.name();
    let said = String::from_utf8_lossy(&report.stderr);
    if let Some(path) = path
        && report.code == Some(NO_DIRECTORY)
        && said.contains(NO_DIRECTORY_MARK)
    {
        let cause = format!("so `{}` was not run", report.command);
        return Failure::new(
            Kind::Command,
            format!("cannot enter `{path}` on {site}"),
            cause,
        )
        .with_hint(
            "make the folder first, or upload into it; `path` in the site's settings names it",
        )
        .with_command(report);
    }
    let cause = match (report.code, report.signal) {
        (Some(code), _) => format!("`{}` exited with status {code}", report.command),
        (None, Some(signal)) => format!("`{}` was ended by signal {signal}", report.command),
        (None, None) => format!("`{}` was ended by a signal", report.command),
    };
    let hint = match report.code {
        Some(127) => Some("a program of the command is not installed there, or not on the PATH"),
        Some(125) if said.contains("/tmp/ploy.") => Some(
            "ploy notes each command in a folder under /tmp there, to be able to end it: it must be writable",
        ),
        _ => None,
    };
    let failure = Failure::new(Kind::Command, format!("command failed on {site}"), cause)
        .with_command(report);
    match hint {
        Some(hint) => failure.with_hint(hint),
        None => failure,
    }
}

fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs_f64())
}
