use std::future::IntoFuture;
use std::panic::Location;
use std::pin::Pin;
use std::time::Duration;

use tokio::sync::mpsc;

use super::command::CommandOptions;
use super::composed::Composed;
use super::script::quoted;
use super::shell::{NO_DIRECTORY, NO_DIRECTORY_MARK};
use super::silence::patiently;
use super::stream::Chunk;
use super::watch::Outlets;
use super::watched::{EndedBy, Watched};
use super::{CancelLevel, Command, Input, Lines, Output, Shell, refusal};
use crate::error::{CommandReport, Failure, Kind};
use crate::event::{EventKind, Show, SilentSource};
use crate::secret::masked;
use crate::topology::check_variable;
use crate::transport::{Launch, Process};

/// A command about to run; await it, or read it [line by line](Run::lines).
#[must_use = "a command runs when it is awaited"]
pub struct Run {
    shell: Shell,
    command: Command,
    at: &'static Location<'static>,
}

/// Options: each has the name that it has at a [`Command`].
impl Run {
    super::command_setters!(command options);
}

impl Run {
    pub(super) fn new(shell: Shell, command: Command, at: &'static Location<'static>) -> Self {
        Run { shell, command, at }
    }

    /// Runs it, and gives what it puts out line by line, as it comes: a [`Stream`](futures_core::Stream).
    ///
    /// It is shown as any other command is.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), ploy_runtime::Error> {
    /// use ploy_runtime::{Script, Shell};
    ///
    /// let mut lines = Shell::local().run(Script::raw("seq 3; echo done >&2")).lines();
    /// let mut sum = 0;
    /// while let Some(line) = lines.next().await {
    ///     let line = line?;
    ///     sum += line.text().parse::<u32>().unwrap_or(0);
    /// }
    /// assert_eq!(sum, 6);
    /// assert!(lines.finish().await?.success());
    /// # Ok(())
    /// # }
    /// ```
    pub fn lines(self) -> Lines {
        Lines::new(self)
    }

    pub(super) async fn execute(
        self,
        lines: Option<mpsc::Sender<Chunk>>,
    ) -> Result<Output, Failure> {
        let at = self.at;
        self.execute_here(lines)
            .await
            .map_err(|failure| failure.at(at))
    }

    async fn execute_here(self, lines: Option<mpsc::Sender<Chunk>>) -> Result<Output, Failure> {
        let Run { shell, command, .. } = self;
        let Command { script, options } = command;
        let site = shell.name();
        let path = shell.directory(options.cwd.as_deref());
        let composed = Composed::new(&shell, &script, &options, path.as_deref())?;
        let shown = masked(&composed.shown).into_owned();
        warn_of_short_ones(&shell, &options);
        let process = tokio::select! {
            biased;
            () = shell.0.cancel.reached(CancelLevel::Term) => return Err(cancelled(site, &shown)),
            process = started(&shell, &composed, &shown, options.input) => process?,
        };
        let show = match options.log {
            Some(_) => Show::Nothing,
            None => options.show,
        };
        let outlets = Outlets {
            stdout: options.stdout,
            stderr: options.stderr,
            log: options.log,
            lines,
        };
        let timeout = options.timeout.or(shell.0.site.timeout);
        // Its time begins here: neither connecting nor waiting for a place counts.
        let mut watched = Watched::with(&shell, shown, options.capture_limit, timeout, show);
        watched.secrets = options.secrets;
        watched.is_beyond_reach = composed.is_beyond_reach;
        let exit = watched.watch_with(process, outlets).await?;
        let report = watched.report(exit);
        match watched.ended_by {
            // Whoever had the trouble has told it.
            None | Some(EndedBy::Trouble) => {}
            Some(EndedBy::Cancel) => {
                let failure = cancelled(site, &report.command).with_command(report);
                return Err(watched.with_survivor(failure));
            }
            Some(EndedBy::Timeout(limit)) => {
                let cause = format!("it ran longer than {}", seconds(limit));
                let failure =
                    Failure::new(Kind::Timeout, format!("command timed out on {site}"), cause);
                let failure = failure.with_command(report);
                return Err(watched.with_survivor(failure));
            }
        }
        let output = watched.output(exit);
        if output.success() || options.unchecked {
            return Ok(output);
        }
        Err(failed(&shell, report, path.as_deref()))
    }
}

/// Says of secrets that are too short to be masked that they are not.
fn warn_of_short_ones(shell: &Shell, options: &CommandOptions) {
    let input = options.input.as_ref().and_then(Input::secret);
    let named = options.secrets.iter().map(|one| (&*one.name, &one.secret));
    for (name, secret) in named.chain(input.map(|secret| ("the standard input", secret))) {
        if !secret.is_maskable() {
            shell.0.emitter.emit(EventKind::Report {
                action: shell.0.emitter.action().into(),
                text: format!(
                    "warning: the secret for {name} has less than 8 bytes, so it is not masked where something puts it out"
                ),
            });
        }
    }
}

/// Starts the script on the shell's site, with what it reads.
async fn started(
    shell: &Shell,
    composed: &Composed,
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
    let launch = Launch {
        site,
        shell: &composed.shell,
        script: &composed.script,
        input,
        asks: composed.asks,
        privileged: composed.privileged.as_ref(),
    };
    let host = shell.0.site.host.as_deref().unwrap_or(site);
    let source = SilentSource::Connection {
        host: host.to_owned(),
    };
    patiently(
        shell.0.transport.spawn(launch),
        shell.0.emitter.as_ref(),
        &source,
    )
    .await
}

/// Appends what sets a variable in the environment, or says why it cannot.
pub(super) fn export(text: &mut Vec<u8>, name: &str, value: &[u8]) -> Result<(), String> {
    check_variable(name)?;
    if value.contains(&0) {
        return Err(format!("the value of `{name}` holds a NUL byte"));
    }
    text.extend_from_slice(format!("export {name}=").as_bytes());
    text.extend(quoted(value));
    text.push(b'\n');
    Ok(())
}

impl IntoFuture for Run {
    type Output = Result<Output, Failure>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.execute(None))
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
        _ if let Some(hint) = refusal::hint(site, &said) => Some(hint),
        Some(127) => Some("a program of the command is not installed there, or not on the PATH".to_owned()),
        Some(125) if said.contains("ploy: nobody listens at /tmp/ploy.") => Some(
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
