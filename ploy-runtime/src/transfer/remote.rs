//! Paths on a site, and commands of ours that end in one of several known ways.

use std::time::Duration;

use super::diverted::{Diverted, Store};
use crate::error::{CommandReport, Failure, Kind};
use crate::event::{Show, SilentSource};
use crate::shell::{
    CancelLevel, RunningCommand, Shell, cancelled, quoted, quoted_path, wait_with_notices,
};
use crate::transport::{Exit, InputStream, SpawnRequest};

/// How much of standard error is kept for an error.
const CAPTURE: usize = 64 * 1024;

/// What begins each script: messages in one language, since a cause is taken from them, and a way to end with a word.
pub(super) const BEGIN: &str = r#"LC_ALL=C; export LC_ALL
say() { echo "$1"; exit 3; }
"#;

/// A command of ours that runs on a site.
pub(super) struct Task<'a> {
    pub(super) shell: &'a Shell,
    /// What it does, for people: `write /etc/motd`.
    pub(super) shown: String,
    pub(super) script: Vec<u8>,
    pub(super) input: Option<InputStream>,
    pub(super) timeout: Option<Duration>,
    pub(super) show: Show,
    /// How much of its standard output is wanted.
    pub(super) most: usize,
}

/// How it ended.
pub(super) struct Ended {
    pub(super) exit: Exit,
    pub(super) stdout: Vec<u8>,
    pub(super) report: CommandReport,
}

impl Task<'_> {
    /// Runs it to its end. Its standard output is not shown.
    pub(super) async fn run(self) -> Result<Ended, Failure> {
        let Task { shell, shown, .. } = self;
        let site = shell.name();
        let privileged = shell.privileged(None, || self.script.clone())?;
        let request = SpawnRequest {
            site,
            shell: "sh",
            script: if privileged.is_some() {
                b""
            } else {
                &self.script
            },
            input: self.input,
            can_ask: privileged.is_some(),
            privileged: privileged.as_ref(),
        };
        let mut process = tokio::select! {
            biased;
            () = shell.0.cancel.reached(CancelLevel::Term) => return Err(cancelled(site, &shown)),
            process = connecting(shell, shell.0.transport.spawn(request)) => process?,
        };
        let store = Store::default();
        process.stdout = Box::pin(Diverted::new(process.stdout, store.clone(), self.most));
        let mut running =
            RunningCommand::begin(shell, shown.clone(), CAPTURE, self.timeout, self.show);
        let exit = running.watch(process).await?;
        ended_early(&running, exit, site, &shown)?;
        let report = running.report(exit);
        Ok(Ended {
            exit,
            stdout: store.take(),
            report,
        })
    }
}

impl Ended {
    /// The last line of what it put out: how it ended.
    pub(super) fn word(&self) -> &str {
        let text = std::str::from_utf8(&self.stdout).unwrap_or_default();
        text.lines().last().unwrap_or_default()
    }

    /// Why it failed, as the last program that complained said.
    pub(super) fn complaint(&self) -> String {
        let said = String::from_utf8_lossy(&self.report.stderr);
        let last = said.lines().map(str::trim).rfind(|line| !line.is_empty());
        match (last, self.exit) {
            (Some(last), _) => last.to_owned(),
            (None, Exit::Code(code)) => format!("the command for it exited with status {code}"),
            (None, Exit::Signal(_)) => "the command for it was ended by a signal".to_owned(),
        }
    }
}

/// Waits for what needs the connection of a site, and tells when that takes long.
pub(super) async fn connecting<T>(shell: &Shell, future: impl Future<Output = T>) -> T {
    let host = shell.0.site.host.as_deref().unwrap_or(shell.name());
    let source = SilentSource::Connection {
        host: host.to_owned(),
    };
    wait_with_notices(future, shell.0.emitter.as_ref(), &source).await
}

/// The failure of what was ended from outside.
pub(super) fn ended_early(
    running: &RunningCommand<'_>,
    exit: Exit,
    site: &str,
    shown: &str,
) -> Result<(), Failure> {
    if running.was_cancelled() {
        return Err(cancelled(site, shown).with_command(running.report(exit)));
    }
    if let Some(limit) = running.exceeded_timeout() {
        let cause = format!("it ran longer than {} s", limit.as_secs_f64());
        let headline = format!("`{shown}` timed out on {site}");
        return Err(Failure::new(Kind::Timeout, headline, cause).with_command(running.report(exit)));
    }
    Ok(())
}

/// The path of a file on a site, as a word of the shell that has a slash in it and does not begin with `-`.
pub(super) fn file_word(shell: &Shell, path: &str) -> Result<Vec<u8>, &'static str> {
    if path.is_empty() {
        return Err("the path is empty");
    }
    if path.contains('\0') {
        return Err("no path has a NUL byte in it");
    }
    let last = path.rsplit('/').next();
    if path == "~" || matches!(last, Some("" | "." | "..")) {
        return Err("the path is that of a folder");
    }
    let path = shell.resolve(path);
    Ok(if path.starts_with('/') || path.starts_with("~/") {
        quoted_path(&path)
    } else {
        quoted(format!("./{path}").as_bytes())
    })
}
