//! A command while it runs, as events and errors see it.

use std::time::{Duration, Instant};

use super::io_error::CommandIoError;
use super::tail_buffer::{CapturedStream, TailBuffer, last_lines};
use crate::error::{CommandReport, Failure, Kind};
use crate::event::{CommandId, EventKind, Show};
use crate::secret::StreamMask;
use crate::shell::command_secrets::CommandSecret;
use crate::shell::output::Output;
use crate::shell::shell::Shell;
use crate::transport::Exit;

/// How much of each stream an error shows: the last lines, and at most so many bytes.
const REPORTED_STDOUT: (usize, usize) = (10, 4096);
const REPORTED_STDERR: (usize, usize) = (20, 8192);

/// Why a command was ended, if it did not end by itself.
#[derive(Clone, Copy)]
pub(crate) enum EndedBy {
    Cancel,
    /// It ran longer than this.
    Timeout(Duration),
    /// Its input or a secret could not be had, or its output could not be written.
    Failure,
}

/// A command while it runs, and its output so far. Dropping it before its end ends it.
pub(crate) struct RunningCommand<'a> {
    pub(super) shell: &'a Shell,
    pub(super) shown: String,
    pub(super) number: CommandId,
    pub(super) stdout: TailBuffer,
    pub(super) stderr: TailBuffer,
    pub(super) timeout: Option<Duration>,
    pub(super) begin: Instant,
    pub(super) ended_by: Option<EndedBy>,
    /// What it gets when it asks.
    pub(super) secrets: Vec<CommandSecret>,
    /// Whether sudo runs it, so that the login user cannot kill it.
    is_beyond_reach: bool,
    /// Whether it had to be killed.
    pub(super) was_killed: bool,
    /// The ends of its streams, once it has finished.
    captured: Option<Captured>,
    is_finished: bool,
}

/// What was captured of both streams.
#[derive(Default)]
struct Captured {
    stdout: CapturedStream,
    stderr: CapturedStream,
}

impl<'a> RunningCommand<'a> {
    /// A command that begins now. `timeout` is how long it may take.
    pub(crate) fn begin(
        shell: &'a Shell,
        shown: String,
        capture_limit: usize,
        timeout: Option<Duration>,
        show: Show,
    ) -> Self {
        let number = shell.0.emitter.next_command();
        let command = RunningCommand {
            shell,
            number,
            stdout: TailBuffer::new(capture_limit),
            stderr: TailBuffer::new(capture_limit),
            timeout,
            begin: Instant::now(),
            ended_by: None,
            secrets: Vec::new(),
            is_beyond_reach: false,
            was_killed: false,
            captured: None,
            is_finished: false,
            shown,
        };
        shell.0.emitter.emit(EventKind::CommandStarted {
            action: shell.0.emitter.action(),
            command: number,
            script: command.shown.clone(),
            local: shell.0.is_local,
            show,
        });
        command
    }

    /// Gives it secrets for which it may ask.
    pub(crate) fn with_secrets(mut self, secrets: Vec<CommandSecret>) -> Self {
        self.secrets = secrets;
        self
    }

    /// Notes whether sudo runs it, so that the login user cannot kill it.
    pub(crate) fn beyond_reach(mut self, is_beyond_reach: bool) -> Self {
        self.is_beyond_reach = is_beyond_reach;
        self
    }

    /// The failure of a command that was ended because of what went wrong on this machine.
    pub(super) fn io_failure(&self, error: CommandIoError, exit: Exit) -> Failure {
        let site = self.shell.name();
        let headline = format!("{error} of `{}` for {site}", self.shown);
        Failure::new(Kind::Other, headline, error.source.to_string())
            .with_source(error.source)
            .with_command(self.report(exit))
    }

    /// Adds a hint to the failure of a command that was ended, if the command may go on because
    /// another user runs it.
    pub(crate) fn with_survivor_hint(&self, failure: Failure) -> Failure {
        if self.was_killed {
            self.with_kill_hint(failure)
        } else {
            failure
        }
    }

    fn with_kill_hint(&self, failure: Failure) -> Failure {
        if !self.is_beyond_reach {
            return failure;
        }
        failure.with_hint(format!(
            "it took no notice of TERM, and only root can kill what sudo runs: look whether it still runs on {}. What \
             `sudo_sh` runs can be killed",
            self.shell.name()
        ))
    }

    /// The failure of a command that was killed and is still there.
    pub(super) fn did_not_end(&self, group: Option<u32>) -> Failure {
        let cause = match group {
            Some(id) => format!("it was killed and is still there as process group {id}"),
            None => "it was killed and is still there".to_owned(),
        };
        let headline = format!("`{}` on {} did not end", self.shown, self.shell.name());
        self.with_kill_hint(Failure::new(Kind::Timeout, headline, cause))
    }

    /// Notes its end, and reports it.
    pub(super) fn finish(&mut self, exit: Option<Exit>, has_leftovers: bool) {
        self.is_finished = true;
        self.captured = Some(Captured {
            stdout: self.stdout.take().finish(),
            stderr: self.stderr.take().finish(),
        });
        self.shell.0.emitter.emit(EventKind::CommandFinished {
            action: self.shell.0.emitter.action(),
            command: self.number,
            code: exit.and_then(code),
            duration: Some(self.begin.elapsed()),
            has_leftovers,
        });
    }

    /// What an error says of the command.
    pub(crate) fn report(&self, exit: Exit) -> CommandReport {
        let mut report = CommandReport::new(self.shell.name(), &self.shown, self.begin.elapsed());
        report.code = code(exit);
        report.signal = signal(exit);
        if let Some(Captured { stdout, stderr }) = &self.captured {
            let (lines, bytes) = REPORTED_STDOUT;
            report.stdout = last_lines(&masked_bytes(stdout), lines, bytes);
            let (lines, bytes) = REPORTED_STDERR;
            report.stderr = last_lines(&masked_bytes(stderr), lines, bytes);
        }
        report
    }

    /// The result of the command. Takes the captured output.
    pub(crate) fn output(&mut self, exit: Exit) -> Output {
        let Captured { stdout, stderr } = self.captured.take().unwrap_or_default();
        Output {
            code: code(exit),
            signal: signal(exit),
            stdout: stdout.bytes,
            stderr: stderr.bytes,
            dropped: stdout.dropped,
            duration: self.begin.elapsed(),
        }
    }

    /// Its number, for the events.
    pub(crate) fn number(&self) -> CommandId {
        self.number
    }

    /// Why it was ended, if it did not end by itself.
    pub(crate) fn ended_by(&self) -> Option<EndedBy> {
        self.ended_by
    }

    /// How long it might have run, if it was ended because it ran longer.
    pub(crate) fn exceeded_timeout(&self) -> Option<Duration> {
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

impl Drop for RunningCommand<'_> {
    fn drop(&mut self) {
        // The future was dropped: the process group was told to end, and the end is reported now.
        if !self.is_finished {
            self.finish(None, false);
        }
    }
}

/// The captured bytes without any secret. Where bytes before them were dropped, they may begin in
/// the middle of a secret: then everything up to the end of that line goes.
fn masked_bytes(captured: &CapturedStream) -> Vec<u8> {
    let bytes = &captured.bytes;
    let is_cut = captured.dropped > 0 && StreamMask::is_needed();
    let line_end = bytes.iter().position(|byte| is_cut && *byte == b'\n');
    let mut mask = StreamMask::default();
    let mut shown = mask.push(bytes[line_end.map_or(0, |end| end + 1)..].to_vec());
    shown.extend(mask.finish());
    shown
}

fn code(exit: Exit) -> Option<i32> {
    match exit {
        Exit::Code(code) => Some(code),
        Exit::Signal(_) => None,
    }
}

fn signal(exit: Exit) -> Option<i32> {
    match exit {
        Exit::Code(_) => None,
        Exit::Signal(signal) => signal,
    }
}
