//! A command while it runs.

use std::time::{Duration, Instant};

use super::capture::{Capture, tail};
use super::stream::pass_on;
use super::{CancelLevel, Output, Shell};
use crate::error::{CommandReport, Failure, Kind};
use crate::event::{EventKind, Show, Stream};
use crate::transport::{Exit, Feed, Process, Signal};

/// How long a command whose time is up, or that was left behind, has between TERM and KILL.
const TERM_TO_KILL: Duration = Duration::from_secs(5);

/// How long a killed command may take to be gone before we stop waiting for it.
const KILL_TO_GIVE_UP: Duration = Duration::from_secs(3);

/// How long children that a command left behind have between TERM and KILL.
const LEFT_BEHIND: Duration = Duration::from_secs(2);

/// Who ended a command, if not itself.
#[derive(Clone, Copy)]
pub(super) enum EndedBy {
    Cancel,
    Timeout(Duration),
    /// What it reads could not be had.
    Trouble,
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
    pub(super) ended_by: Option<EndedBy>,
    captured: Option<[(Vec<u8>, u64); 2]>,
    is_finished: bool,
}

impl<'a> Watched<'a> {
    pub(crate) fn new(
        shell: &'a Shell,
        shown: String,
        capture_limit: usize,
        timeout: Option<Duration>,
    ) -> Self {
        let number = shell.0.emitter.next_command();
        let watched = Watched {
            shell,
            number,
            stdout: Capture::new(capture_limit),
            stderr: Capture::new(capture_limit),
            timeout,
            begin: Instant::now(),
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
            show: Show::All,
        });
        watched
    }

    /// Waits for the end of the process, passing on what it puts out, and ends it when it is told or its time is up.
    pub(crate) async fn watch(&mut self, process: Process) -> Result<Exit, Failure> {
        let Process {
            stdout,
            stderr,
            mut feed,
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
        let mut trouble = None;
        let exit = loop {
            let next = match level {
                CancelLevel::None => CancelLevel::Term,
                _ => CancelLevel::Kill,
            };
            tokio::select! {
                exit = &mut wait, if !(wait_last && streams_open) => break exit,
                () = &mut streams, if streams_open => streams_open = false,
                // A command need not read all of it, nor any: its end is not waited for.
                fed = fed(&mut feed) => {
                    feed = None;
                    if let (Err(error), None) = (fed, ended_by) {
                        trouble = Some(self.no_input(&error));
                        ended_by = Some(EndedBy::Trouble);
                        level = CancelLevel::Term;
                        group.signal(Signal::Term);
                        deadline = Some(tokio::time::Instant::now() + TERM_TO_KILL);
                    }
                }
                () = cancel.reached(next), if level < CancelLevel::Kill => {
                    ended_by.get_or_insert(EndedBy::Cancel);
                    level = cancel.level().min(CancelLevel::Kill);
                    group.signal(if level == CancelLevel::Kill { Signal::Kill } else { Signal::Term });
                    // Whoever cancels decides when TERM becomes KILL.
                    deadline = (level == CancelLevel::Kill).then(|| tokio::time::Instant::now() + KILL_TO_GIVE_UP);
                }
                () = at(deadline) => {
                    if level == CancelLevel::Kill {
                        break Err(self.did_not_end(group.left()));
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
        drop(feed);
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
        match (exit, trouble) {
            (Ok(exit), Some(trouble)) => Err(trouble.with_command(self.report(exit))),
            (exit, _) => exit,
        }
    }

    fn no_input(&self, error: &std::io::Error) -> Failure {
        Failure::new(
            Kind::Other,
            format!(
                "cannot read the input of `{}` for {}",
                self.shown,
                self.shell.name()
            ),
            error.to_string(),
        )
    }

    fn did_not_end(&self, left: Option<u32>) -> Failure {
        let still_there = match left {
            Some(pid) => format!("it was killed and is still there as process group {pid}"),
            None => "it was killed and is still there".to_owned(),
        };
        Failure::new(
            Kind::Timeout,
            format!("`{}` on {} did not end", self.shown, self.shell.name()),
            still_there,
        )
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

    pub(super) fn output(&mut self, exit: Exit) -> Output {
        let [(stdout, dropped), (stderr, _)] = self.captured.take().unwrap_or_default();
        Output {
            code: code(exit),
            stdout,
            stderr,
            dropped,
            duration: self.begin.elapsed(),
        }
    }

    /// Its number, for the events.
    pub(crate) fn number(&self) -> u32 {
        self.number
    }

    /// How long it might have run, if it was ended because it ran longer.
    pub(crate) fn timed_out(&self) -> Option<Duration> {
        match self.ended_by {
            Some(EndedBy::Timeout(limit)) => Some(limit),
            _ => None,
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

/// Returns when all of the input has been passed on, or could not be.
async fn fed(feed: &mut Option<Feed>) -> std::io::Result<()> {
    match feed {
        Some(feed) => feed.await,
        None => std::future::pending().await,
    }
}

async fn at(deadline: Option<tokio::time::Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
