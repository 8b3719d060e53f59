use std::future::IntoFuture;
use std::panic::Location;
use std::pin::Pin;
use std::time::Duration;

use super::shell::{NO_DIRECTORY, NO_DIRECTORY_MARK};
use super::watch::{EndedBy, Watched};
use super::{CancelLevel, Output, Script, Shell};
use crate::error::{CommandReport, Failure, Kind};
use crate::transport::Launch;

/// How much of each stream is captured, unless told otherwise: 64 KiB.
const CAPTURE: usize = 64 * 1024;

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
        let launch = Launch {
            site,
            shell: program,
            script: &text,
            input: None,
        };
        let process = tokio::select! {
            biased;
            () = shell.0.cancel.reached(CancelLevel::Term) => return Err(cancelled(site, &shown)),
            process = shell.0.transport.spawn(launch) => process?,
        };
        // Its time begins here: neither connecting nor waiting for a place counts.
        let mut watched = Watched::new(&shell, shown, capture_limit, timeout);
        let exit = watched.watch(process).await?;
        let report = watched.report(exit);
        match watched.ended_by {
            // Whoever had the trouble has told it.
            None | Some(EndedBy::Trouble) => {}
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
