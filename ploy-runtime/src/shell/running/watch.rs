//! Waits for the end of a command, passes its output on meanwhile, and ends it when it is to end.

use std::time::{Duration, Instant as StdInstant};

use tokio::sync::mpsc;
use tokio::time::Instant;

use super::answer_requests::{RequestAnswerer, WaitingTime};
use super::command_log::CommandLog;
use super::escalation::{DeadlineStep, Escalation};
use super::io_error::{CommandIoError, IoOperation};
use super::running_command::{EndedBy, RunningCommand};
use super::sink::Sink;
use super::stream_forwarder::{OutputChunk, StreamForwarder};
use super::tail_buffer::TailBuffer;
use crate::error::Failure;
use crate::event::{SilentSource, Stream};
use crate::secret::StreamMask;
use crate::shell::cancel::CancelLevel;
use crate::shell::characters::Characters;
use crate::shell::silence_monitor::SilenceMonitor;
use crate::transport::{Exit, Process};

/// How long children that a command left behind have between TERM and KILL.
const LEFTOVERS_TO_KILL: Duration = Duration::from_secs(2);

/// Where the output of a command goes, besides the view or instead of it.
#[derive(Default)]
pub(crate) struct OutputTargets {
    pub(crate) stdout: Option<Sink>,
    pub(crate) stderr: Option<Sink>,
    pub(crate) log: Option<Sink>,
    pub(crate) lines: Option<mpsc::Sender<OutputChunk>>,
}

/// How a command ended.
struct Ended {
    exit: Result<Exit, Failure>,
    ended_by: Option<EndedBy>,
    was_killed: bool,
    has_leftovers: bool,
    /// Why it did not get what it asked for.
    denied: Option<Failure>,
    io_error: Option<CommandIoError>,
}

impl RunningCommand<'_> {
    /// Waits for the end of the process, and passes its output on. Ends the process when it is
    /// cancelled or its time is up.
    pub(crate) async fn watch(&mut self, process: Process) -> Result<Exit, Failure> {
        self.watch_with(process, OutputTargets::default()).await
    }

    /// The same, with the output going to these targets.
    pub(crate) async fn watch_with(
        &mut self,
        process: Process,
        targets: OutputTargets,
    ) -> Result<Exit, Failure> {
        let (mut stdout, mut stderr) = (self.stdout.take(), self.stderr.take());
        let ended = self
            .wait_for_end(process, targets, &mut stdout, &mut stderr)
            .await;
        (self.stdout, self.stderr) = (stdout, stderr);
        self.ended_by = ended.ended_by;
        self.was_killed |= ended.was_killed;
        self.finish(ended.exit.as_ref().ok().copied(), ended.has_leftovers);
        if let Some(denied) = ended.denied {
            return Err(denied);
        }
        match (ended.exit, ended.io_error) {
            (Ok(exit), Some(error)) => Err(self.io_failure(error, exit)),
            (exit, _) => exit,
        }
    }

    async fn wait_for_end(
        &self,
        process: Process,
        targets: OutputTargets,
        captured_stdout: &mut TailBuffer,
        captured_stderr: &mut TailBuffer,
    ) -> Ended {
        let Process {
            stdout,
            stderr,
            requests,
            mut feed,
            mut wait,
            mut group,
            must_drain_first,
        } = process;
        let (emitter, cancel) = (&self.shell.0.emitter, &self.shell.0.cancel);
        let (set_end_time, end_time) = tokio::sync::watch::channel(None);
        let (send_error, mut errors) = mpsc::unbounded_channel();
        let silence = SilenceMonitor::new();
        let is_written =
            targets.stdout.is_some() || targets.stderr.is_some() || targets.log.is_some();
        let new_log = |sink| CommandLog::new(self.shell.name(), sink);
        let log = targets.log.map(new_log);
        let forwarder = |stream, sink: Option<Sink>| StreamForwarder {
            stream,
            command: self.number,
            emitter: emitter.as_ref(),
            target: sink.into(),
            log: log.as_ref(),
            lines: targets.lines.clone(),
            silence: &silence,
            errors: send_error.clone(),
            mask: StreamMask::default(),
            characters: Characters::default(),
        };
        let forward_stdout = forwarder(Stream::Stdout, targets.stdout);
        let forward_stderr = forwarder(Stream::Stderr, targets.stderr);
        // The reader of lines hears of the end when both forwarders are gone.
        drop(targets.lines);
        let forward = async {
            if let Some(log) = &log
                && let Err(error) = log.begin(&self.shown).await
            {
                let _ = send_error.send(IoOperation::WriteLog.failed(error));
            }
            tokio::join!(
                forward_stdout.forward(stdout, captured_stdout, &end_time),
                forward_stderr.forward(stderr, captured_stderr, &end_time),
            );
        };
        // `None` once both streams have ended.
        let mut streams = Some(Box::pin(forward));
        let waiting_time = WaitingTime::default();
        let answerer = RequestAnswerer {
            shell: self.shell,
            secrets: &self.secrets,
            waiting_time: &waiting_time,
            silence: &silence,
        };
        // `None` once nothing is answered any more.
        let mut answers = Some(Box::pin(answerer.answer_all(requests)));
        let source = SilentSource::Command {
            command: self.number,
            script: self.shown.clone(),
        };
        let mut notices = Box::pin(silence.report(emitter.as_ref(), &source));
        let mut escalation = Escalation::new(self.begin, self.timeout);
        let (mut denied, mut io_error) = (None, None);
        let exit = loop {
            tokio::select! {
                exit = &mut wait, if !(must_drain_first && streams.is_some()) => break exit,
                () = end_of(&mut streams) => streams = None,
                never = &mut notices => match never {},
                failure = end_of(&mut answers), if escalation.level == CancelLevel::None => {
                    answers = None;
                    denied = Some(failure);
                    escalation.escalate(&group, CancelLevel::Term, EndedBy::Failure);
                }
                // A command need not read all of its input, so the end of that is not waited for.
                fed = end_of(&mut feed) => {
                    feed = None;
                    if let Err(error) = fed {
                        let _ = send_error.send(IoOperation::ReadInput.failed(error));
                    }
                }
                Some(error) = errors.recv(), if escalation.ended_by.is_none() => {
                    answers = None;
                    io_error = Some(error);
                    escalation.escalate(&group, CancelLevel::Term, EndedBy::Failure);
                }
                () = cancel.reached(escalation.next_level()), if escalation.level < CancelLevel::Kill => {
                    answers = None;
                    let level = cancel.level().min(CancelLevel::Kill);
                    escalation.escalate(&group, level, EndedBy::Cancel);
                }
                () = at(escalation.deadline) => {
                    let has_streams = must_drain_first && streams.is_some();
                    match escalation.pass_deadline(&group, &waiting_time, has_streams) {
                        DeadlineStep::Wait => {}
                        DeadlineStep::Escalated => answers = None,
                        DeadlineStep::DropStreams => streams = None,
                        DeadlineStep::GiveUp => break Err(self.did_not_end(group.id())),
                    }
                }
            }
        };
        drop((feed, answers));
        let duration = self.begin.elapsed();
        let known_exit = exit.as_ref().ok().copied();
        set_end_time.send_replace(Some(StdInstant::now()));
        // Leftovers in the background are told to end too; otherwise its output could stay open for
        // ever. A group that we ended is dying already.
        let has_leftovers = exit.is_ok() && group.end() && escalation.ended_by.is_none();
        let rest = async {
            if let Some(streams) = &mut streams {
                streams.await;
            }
            if let Some(log) = &log
                && let Err(error) = log.end(known_exit, duration).await
            {
                let _ = send_error.send(IoOperation::WriteLog.failed(error));
            }
        };
        tokio::select! {
            () = rest => {}
            // The target of the output may be stuck.
            () = cancel.reached(CancelLevel::Kill) => {}
            () = at(escalation.drain_deadline()), if is_written => escalation.pass_drain_deadline(),
        }
        drop((streams, notices));
        if has_leftovers {
            group.wait_until_gone(LEFTOVERS_TO_KILL).await;
        }
        drop(group);
        // A writer may fail only when it is closed.
        if let (None, Ok(error)) = (escalation.ended_by, errors.try_recv()) {
            io_error = Some(error);
            escalation.ended_by = Some(EndedBy::Failure);
        }
        Ended {
            exit,
            ended_by: escalation.ended_by,
            was_killed: escalation.level >= CancelLevel::Kill,
            has_leftovers,
            denied,
            io_error,
        }
    }
}

/// The result of a future, once there is one.
async fn end_of<F: Future + Unpin>(future: &mut Option<F>) -> F::Output {
    match future {
        Some(future) => future.await,
        None => std::future::pending().await,
    }
}

async fn at(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
