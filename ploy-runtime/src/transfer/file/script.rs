//! Scripts of ours that run on a site and end in one of several known ways.

use super::captured::{CaptureBuffer, CapturedStream};
use crate::error::{CommandReport, Failure};
use crate::shell::{CancelLevel, RunningCommand, Shell, cancelled, quoted, quoted_path};
use crate::transfer::ending::{check_not_ended, connecting};
use crate::transfer::options::CommonOptions;
use crate::transport::{Exit, InputStream, SpawnRequest};

/// How much of standard error is kept for an error.
const CAPTURE: usize = 64 * 1024;

/// What begins each script: messages in one language, since a cause is taken from them, and a way
/// to end with a word.
pub(super) const BEGIN: &str = r#"LC_ALL=C; export LC_ALL
say() { echo "$1"; exit 3; }
"#;

/// A script of ours that runs on a site.
pub(super) struct SiteScript<'a> {
    pub(super) shell: &'a Shell,
    /// What it does, for people: `write /etc/motd`.
    pub(super) shown: String,
    pub(super) script: Vec<u8>,
    pub(super) input: Option<InputStream>,
    pub(super) common: CommonOptions,
    /// How much of its standard output is wanted.
    pub(super) most: usize,
}

/// How it ended.
pub(super) struct ScriptEnd {
    pub(super) exit: Exit,
    pub(super) stdout: Vec<u8>,
    pub(super) report: CommandReport,
}

impl SiteScript<'_> {
    /// Runs it to its end. Its standard output is not shown.
    pub(super) async fn run(self) -> Result<ScriptEnd, Failure> {
        let SiteScript { shell, shown, .. } = self;
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
        let store = CaptureBuffer::default();
        process.stdout = Box::pin(CapturedStream::new(
            process.stdout,
            store.clone(),
            self.most,
        ));
        let mut running = RunningCommand::begin(
            shell,
            shown.clone(),
            CAPTURE,
            self.common.timeout,
            self.common.show,
        );
        let exit = running.watch(process).await?;
        check_not_ended(&running, exit, site, &shown)?;
        let report = running.report(exit);
        Ok(ScriptEnd {
            exit,
            stdout: store.take(),
            report,
        })
    }
}

impl ScriptEnd {
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

/// Why a path is not that of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum FilePathError {
    #[error("the path is empty")]
    Empty,
    #[error("no path has a NUL byte in it")]
    Nul,
    #[error("the path is that of a folder")]
    Folder,
}

/// The path of a file on a site, as a word of the shell that has a slash in it and does not begin
/// with `-`.
pub(super) fn file_word(shell: &Shell, path: &str) -> Result<Vec<u8>, FilePathError> {
    if path.is_empty() {
        return Err(FilePathError::Empty);
    }
    if path.contains('\0') {
        return Err(FilePathError::Nul);
    }
    let last = path.rsplit('/').next();
    if path == "~" || matches!(last, Some("" | "." | "..")) {
        return Err(FilePathError::Folder);
    }
    let path = shell.resolve(path);
    Ok(if path.starts_with('/') || path.starts_with("~/") {
        quoted_path(&path)
    } else {
        quoted(format!("./{path}").as_bytes())
    })
}
