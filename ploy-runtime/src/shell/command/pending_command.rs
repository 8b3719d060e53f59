//! A command about to run.

use std::future::IntoFuture;
use std::panic::Location;
use std::pin::Pin;
use std::time::Duration;

use tokio::sync::mpsc;

use super::command::{Command, CommandOptions, IntoCommand};
use super::composed_command::ComposedCommand;
use super::input::Input;
use crate::error::{CommandReport, Failure, Kind};
use crate::event::{EventKind, Show, SilentSource};
use crate::secret::masked;
use crate::shell::cancel::CancelLevel;
use crate::shell::output::Output;
use crate::shell::running::{EndedBy, OutputChunk, OutputTargets, RunningCommand};
use crate::shell::shell::{NO_DIRECTORY, NO_DIRECTORY_MARK, Shell};
use crate::shell::silence_monitor::wait_with_notices;
use crate::shell::sudo::sudo_hint;
use crate::transport::{NO_REAPER_STATUS, Process, SpawnRequest, has_no_reaper};

/// A command about to run; await it, or read it [line by line](PendingCommand::lines).
#[must_use = "a command runs when it is awaited"]
pub struct PendingCommand {
    shell: Shell,
    command: Command,
    at: &'static Location<'static>,
}

/// Options: each has the name that it has at a [`Command`].
impl PendingCommand {
    super::command_setters!(command options);
}

impl PendingCommand {
    pub(crate) fn new(shell: Shell, command: Command, at: &'static Location<'static>) -> Self {
        PendingCommand { shell, command, at }
    }

    pub(crate) async fn execute(
        self,
        lines: Option<mpsc::Sender<OutputChunk>>,
    ) -> Result<Output, Failure> {
        let at = self.at;
        self.execute_here(lines)
            .await
            .map_err(|failure| failure.at(at))
    }

    async fn execute_here(
        self,
        lines: Option<mpsc::Sender<OutputChunk>>,
    ) -> Result<Output, Failure> {
        let PendingCommand { shell, command, .. } = self;
        let Command { script, options } = command;
        let site = shell.name();
        let path = shell.directory(options.cwd.as_deref());
        let composed = ComposedCommand::new(&shell, &script, &options, path.as_deref())?;
        let shown = masked(&composed.shown).into_owned();
        warn_of_short_secrets(&shell, &options);
        let process = tokio::select! {
            biased;
            () = shell.0.cancel.reached(CancelLevel::Term) => return Err(cancelled(site, &shown)),
            process = start(&shell, &composed, &shown, options.input) => process?,
        };
        let show = match options.log {
            Some(_) => Show::Nothing,
            None => options.show,
        };
        let targets = OutputTargets {
            stdout: options.stdout,
            stderr: options.stderr,
            log: options.log,
            lines,
        };
        let timeout = options.timeout.or(shell.0.site.timeout);
        // Its time begins here: neither connecting nor waiting for a session counts.
        let mut running =
            RunningCommand::begin(&shell, shown, options.capture_limit, timeout, show)
                .with_secrets(options.secrets)
                .beyond_reach(composed.is_beyond_reach);
        let exit = running.watch_with(process, targets).await?;
        let report = running.report(exit);
        match running.ended_by() {
            // `watch_with` has returned the failure itself.
            None | Some(EndedBy::Failure) => {}
            Some(EndedBy::Cancel) => {
                let failure = cancelled(site, &report.command).with_command(report);
                return Err(running.with_survivor_hint(failure));
            }
            Some(EndedBy::Timeout(limit)) => {
                let cause = format!("it ran longer than {}", seconds(limit));
                let failure =
                    Failure::new(Kind::Timeout, format!("command timed out on {site}"), cause);
                let failure = failure.with_command(report);
                return Err(running.with_survivor_hint(failure));
            }
        }
        let output = running.output(exit);
        if output.success() || options.is_unchecked {
            return Ok(output);
        }
        Err(failed(&shell, report, path.as_deref()))
    }
}

/// Warns of secrets that are too short to be masked.
fn warn_of_short_secrets(shell: &Shell, options: &CommandOptions) {
    let input = options.input.as_ref().and_then(Input::secret);
    let named = options.secrets.iter().map(|one| (&*one.name, &one.secret));
    for (name, secret) in named.chain(input.map(|secret| ("the standard input", secret))) {
        if !secret.is_maskable() {
            shell.0.emitter.emit(EventKind::Report {
                action: shell.0.emitter.action(),
                text: format!(
                    "warning: the secret for {name} has less than 8 bytes, so it is not masked where something puts it out"
                ),
            });
        }
    }
}

/// Starts the script on the shell's site, with its input.
async fn start(
    shell: &Shell,
    composed: &ComposedCommand,
    shown: &str,
    input: Option<Input>,
) -> Result<Process, Failure> {
    let site = shell.name();
    let input = match input {
        None => None,
        Some(input) => Some(input.open().await.map_err(|error| {
            Failure::new(
                Kind::Other,
                format!("cannot read the input of `{shown}` for {site}"),
                error.to_string(),
            )
            .with_source(error)
        })?),
    };
    let request = SpawnRequest {
        site,
        shell: &composed.shell,
        script: &composed.script,
        input,
        can_ask: composed.can_ask,
        privileged: composed.privileged.as_ref(),
    };
    let host = shell.0.site.host.as_deref().unwrap_or(site);
    let source = SilentSource::Connection {
        host: host.to_owned(),
    };
    wait_with_notices(
        shell.0.transport.spawn(request),
        shell.0.emitter.as_ref(),
        &source,
    )
    .await
}

impl Shell {
    /// Runs a [`Script`](crate::shell::Script) or a [`Command`](crate::shell::Command) by `sh -c`
    /// in the site's `path`, with its `env`; waits for it, and captures the end of its output.
    ///
    /// Nothing happens until the returned [`PendingCommand`] is awaited, which has options.
    /// Awaiting it fails
    /// - with [`Kind::Command`](crate::error::Kind::Command) if the exit status is not 0,
    /// - with a kind that [is unreachable](crate::error::Kind::is_unreachable) if the site is,
    /// - with [`Kind::Timeout`](crate::error::Kind::Timeout) or
    ///   [`Kind::Cancelled`](crate::error::Kind::Cancelled) if it was ended,
    /// - with [`Kind::Usage`](crate::error::Kind::Usage) if a value cannot stand where the script
    ///   has it.
    #[track_caller]
    pub fn run(&self, command: impl IntoCommand) -> PendingCommand {
        PendingCommand::new(self.clone(), command.into_command(), Location::caller())
    }
}

impl IntoFuture for PendingCommand {
    type Output = Result<Output, Failure>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.execute(None))
    }
}

/// The failure of a command that was ended because the run is cancelled.
pub(crate) fn cancelled(site: &str, shown: &str) -> Failure {
    Failure::new(
        Kind::Cancelled,
        format!("`{shown}` was ended on {site}"),
        "the run is cancelled",
    )
}

/// The failure of a command that exited with a status other than 0, or was ended by a signal.
fn failed(shell: &Shell, report: CommandReport, path: Option<&str>) -> Failure {
    let site = shell.name();
    let stderr = String::from_utf8_lossy(&report.stderr);
    if let Some(path) = path
        && report.code == Some(NO_DIRECTORY)
        && stderr.contains(NO_DIRECTORY_MARK)
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
        _ if let Some(hint) = sudo_hint(site, &stderr) => Some(hint),
        Some(127) => Some("a program of the command is not installed there, or not on the PATH".to_owned()),
        Some(NO_REAPER_STATUS) if has_no_reaper(&stderr) => Some(
            "what ends commands there when ploy is gone has ended itself, or its folder was removed; run it again"
                .to_owned(),
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
