//! A command while it runs.

use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::capture::{Capture, tail};
use super::log::Log;
use super::silence::Silence;
use super::sink::Sink;
use super::stream::{Chunk, INPUT, LOG, Passage, Trouble};
use super::{CancelLevel, Output, Shell};
use crate::error::{CommandReport, Failure, Kind};
use crate::event::{EventKind, Show, Stream};
use crate::transport::{Exit, Process, Signal};

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
    /// What it reads could not be had, or what it put out could not be written.
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

/// Where the output of a command goes besides the view, or instead of it.
#[derive(Default)]
pub(super) struct Outlets {
    pub(super) stdout: Option<Sink>,
    pub(super) stderr: Option<Sink>,
    pub(super) log: Option<Sink>,
    pub(super) lines: Option<mpsc::Sender<Chunk>>,
}

impl<'a> Watched<'a> {
    pub(crate) fn with(
        shell: &'a Shell,
        shown: String,
        capture_limit: usize,
        timeout: Option<Duration>,
        show: Show,
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
            show,
        });
        watched
    }

    /// Waits for the end of the process, passing on what it puts out, and ends it when it is told or its time is up.
    pub(crate) async fn watch(&mut self, process: Process) -> Result<Exit, Failure> {
        self.watch_with(process, Outlets::default()).await
    }

    pub(super) async fn watch_with(
        &mut self,
        process: Process,
        outlets: Outlets,
    ) -> Result<Exit, Failure> {
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
        let (tell_trouble, mut troubles) = mpsc::unbounded_channel();
        let silence = Silence::new();
        let is_written =
            outlets.stdout.is_some() || outlets.stderr.is_some() || outlets.log.is_some();
        let log = outlets.log.map(|sink| Log::new(self.shell.name(), sink));
        let passage = |stream, outlet: Option<Sink>| Passage {
            stream,
            command: self.number,
            emitter: emitter.as_ref(),
            outlet: outlet.into(),
            log: log.as_ref(),
            lines: outlets.lines.clone(),
            silence: &silence,
            troubles: tell_trouble.clone(),
        };
        let passages = (
            passage(Stream::Stdout, outlets.stdout),
            passage(Stream::Stderr, outlets.stderr),
        );
        drop(outlets.lines);
        let streams = async {
            if let Some(log) = &log
                && let Err(error) = log.begin(&self.shown).await
            {
                let _ = tell_trouble.send((LOG, error));
            }
            tokio::join!(
                passages.0.pass_on(stdout, &mut out, &ended),
                passages.1.pass_on(stderr, &mut err, &ended),
            );
        };
        // Until the end of both.
        let mut streams = Some(Box::pin(streams));
        let mut told = Box::pin(silence.tell(emitter.as_ref(), self.number, &self.shown));
        let mut deadline = self
            .timeout
            .map(|limit| tokio::time::Instant::from_std(begin + limit));
        let mut level = CancelLevel::None;
        let mut trouble: Option<Trouble> = None;
        let exit = loop {
            let next = match level {
                CancelLevel::None => CancelLevel::Term,
                _ => CancelLevel::Kill,
            };
            tokio::select! {
                exit = &mut wait, if !(wait_last && streams.is_some()) => break exit,
                () = end_of(&mut streams) => streams = None,
                never = &mut told => match never {},
                // A command need not read all of it, nor any: its end is not waited for.
                fed = end_of(&mut feed) => {
                    feed = None;
                    if let Err(error) = fed {
                        let _ = tell_trouble.send((INPUT, error));
                    }
                }
                Some(found) = troubles.recv(), if trouble.is_none() && ended_by.is_none() => {
                    trouble = Some(found);
                    ended_by = Some(EndedBy::Trouble);
                    level = CancelLevel::Term;
                    group.signal(Signal::Term);
                    deadline = Some(tokio::time::Instant::now() + TERM_TO_KILL);
                }
                () = cancel.reached(next), if level < CancelLevel::Kill => {
                    ended_by.get_or_insert(EndedBy::Cancel);
                    level = cancel.level().min(CancelLevel::Kill);
                    group.signal(if level == CancelLevel::Kill { Signal::Kill } else { Signal::Term });
                    // Whoever cancels decides when TERM becomes KILL.
                    deadline = (level == CancelLevel::Kill).then(|| tokio::time::Instant::now() + KILL_TO_GIVE_UP);
                }
                () = at(deadline) => {
                    // It may have ended: whoever is to take its output may be stuck.
                    if level == CancelLevel::Kill && wait_last && streams.take().is_some() {
                        deadline = Some(tokio::time::Instant::now() + KILL_TO_GIVE_UP);
                        continue;
                    }
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
        let duration = begin.elapsed();
        end.send_replace(Some(Instant::now()));
        // What it left behind in the background is told to end too; else its output could stay open for ever.
        // A group that was ended by us is dying already.
        let left_behind = exit.is_ok() && group.ended() && ended_by.is_none();
        let known = exit.as_ref().ok().copied();
        let rest = async {
            if let Some(streams) = &mut streams {
                streams.await;
            }
            if let Some(log) = &log
                && let Err(error) = log.end(known, duration).await
            {
                let _ = tell_trouble.send((LOG, error));
            }
        };
        tokio::select! {
            () = rest => {}
            // Whoever is to take the output may be stuck.
            () = cancel.reached(CancelLevel::Kill) => {}
            () = at(deadline), if is_written && ended_by.is_none() => {
                ended_by = Some(EndedBy::Timeout(self.timeout.unwrap_or_default()));
            }
        }
        drop((streams, told));
        if left_behind {
            group.clear(LEFT_BEHIND).await;
        }
        drop(group);
        // A writer may fail at the end only.
        if let (None, Ok(found)) = (ended_by, troubles.try_recv()) {
            trouble = Some(found);
            ended_by = Some(EndedBy::Trouble);
        }
        (self.stdout, self.stderr) = (out, err);
        self.ended_by = ended_by;
        self.finished(known, left_behind);
        match (exit, trouble) {
            (Ok(exit), Some((what, error))) => Err(self.could_not(what, error, exit)),
            (exit, _) => exit,
        }
    }

    fn could_not(&self, what: &str, error: std::io::Error, exit: Exit) -> Failure {
        let site = self.shell.name();
        Failure::new(
            Kind::Other,
            format!("cannot {what} of `{}` for {site}", self.shown),
            error.to_string(),
        )
        .with_source(error)
        .with_command(self.report(exit))
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
            signal: match exit {
                Exit::Code(_) => None,
                Exit::Signal(signal) => signal,
            },
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

/// What comes of a future, once there is one.
async fn end_of<F: Future + Unpin>(future: &mut Option<F>) -> F::Output {
    match future {
        Some(future) => future.await,
        None => std::future::pending().await,
    }
}

async fn at(deadline: Option<tokio::time::Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
