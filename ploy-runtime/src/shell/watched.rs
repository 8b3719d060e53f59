//! A command while it runs, as all others see it.

use std::time::{Duration, Instant};

use super::capture::{Capture, tail};
use super::secrets::Handed;
use super::{Output, Shell};
use crate::error::{CommandReport, Failure, Kind};
use crate::event::{EventKind, Show};
use crate::secret::Mask;
use crate::transport::Exit;

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
    pub(super) shell: &'a Shell,
    pub(super) shown: String,
    pub(super) number: u32,
    pub(super) stdout: Capture,
    pub(super) stderr: Capture,
    pub(super) timeout: Option<Duration>,
    pub(super) begin: Instant,
    pub(super) ended_by: Option<EndedBy>,
    /// What it gets when it asks.
    pub(super) secrets: Vec<Handed>,
    /// Whether sudo runs it, so that the login user cannot kill it.
    pub(super) is_beyond_reach: bool,
    /// Whether it had to be killed.
    pub(super) was_killed: bool,
    captured: Option<[(Vec<u8>, u64); 2]>,
    is_finished: bool,
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
            secrets: Vec::new(),
            is_beyond_reach: false,
            was_killed: false,
            captured: None,
            is_finished: false,
            shown,
        };
        shell.0.emitter.emit(EventKind::CommandStarted {
            action: shell.0.emitter.action().into(),
            command: number.into(),
            script: watched.shown.clone(),
            local: shell.0.local,
            show,
        });
        watched
    }

    pub(super) fn could_not(&self, what: &str, error: std::io::Error, exit: Exit) -> Failure {
        let site = self.shell.name();
        Failure::new(
            Kind::Other,
            format!("cannot {what} of `{}` for {site}", self.shown),
            error.to_string(),
        )
        .with_source(error)
        .with_command(self.report(exit))
    }

    /// The failure of what was to end, and may go on because another user runs it, if that is so.
    pub(super) fn with_survivor(&self, failure: Failure) -> Failure {
        if !(self.was_killed && self.is_beyond_reach) {
            return failure;
        }
        failure.with_hint(format!(
            "it took no notice of TERM, and only root can kill what sudo runs: look whether it still runs on {}. What \
             `sudo_sh` runs can be killed",
            self.shell.name()
        ))
    }

    pub(super) fn did_not_end(&self, group: Option<u32>) -> Failure {
        let still_there = match group {
            Some(id) => format!("it was killed and is still there as process group {id}"),
            None => "it was killed and is still there".to_owned(),
        };
        let headline = format!("`{}` on {} did not end", self.shown, self.shell.name());
        self.with_survivor(Failure::new(Kind::Timeout, headline, still_there))
    }

    pub(super) fn finished(&mut self, exit: Option<Exit>, left_behind: bool) {
        self.is_finished = true;
        self.captured = Some([self.stdout.take().finish(), self.stderr.take().finish()]);
        self.shell.0.emitter.emit(EventKind::CommandFinished {
            action: self.shell.0.emitter.action().into(),
            command: self.number.into(),
            code: exit.and_then(code),
            duration: Some(self.begin.elapsed()),
            has_leftovers: left_behind,
        });
    }

    /// What an error says of the command.
    pub(crate) fn report(&self, exit: Exit) -> CommandReport {
        let mut report = CommandReport::new(self.shell.name(), &self.shown, self.begin.elapsed());
        report.code = code(exit);
        if let Exit::Signal(signal) = exit {
            report.signal = signal;
        }
        if let Some([(stdout, dropped_out), (stderr, dropped_err)]) = &self.captured {
            report.stdout = tail(&unsecret(stdout, *dropped_out), 10, 4096);
            report.stderr = tail(&unsecret(stderr, *dropped_err), 20, 8192);
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

/// The bytes without any secret in them. If others before them were dropped, they may begin in the middle of one: then all
/// to the end of that line goes.
fn unsecret(bytes: &[u8], dropped: u64) -> Vec<u8> {
    let is_cut = dropped > 0 && Mask::is_needed();
    let cut = bytes.iter().position(|byte| is_cut && *byte == b'\n');
    let mut mask = Mask::default();
    let mut shown = mask.push(bytes[cut.map_or(0, |cut| cut + 1)..].to_vec());
    shown.extend(mask.finish());
    shown
}

fn code(exit: Exit) -> Option<i32> {
    match exit {
        Exit::Code(code) => Some(code),
        Exit::Signal(_) => None,
    }
}
