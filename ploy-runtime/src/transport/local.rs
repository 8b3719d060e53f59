//! Commands on this machine.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;
use std::sync::Arc;

use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::Mutex;

use super::guard::{Reaper, ReaperError, ReaperPipe, ReaperProcess, Registered};
use super::input::feed_input;
use super::open_file_limit::restore_command;
use super::process::{Exit, Process};
use super::process_group::ProcessGroup;
use super::spawn_request::SpawnRequest;
use crate::error::{Failure, Kind};
use crate::secret::close_used_descriptors;

/// Runs scripts on this machine. Copies share one reaper.
#[derive(Clone, Default)]
pub(crate) struct LocalTransport {
    reaper: Arc<Mutex<Option<Arc<Reaper>>>>,
}

impl LocalTransport {
    /// The cause of a failure whose script and arguments are more than this machine gives a
    /// program.
    pub(crate) const TOO_LONG: &str = "its arguments are too long";

    /// Starts a script in a process group of its own.
    pub(crate) async fn spawn(&self, request: SpawnRequest<'_>) -> Result<Process, Failure> {
        self.spawn_with(request, &[]).await
    }

    /// The same with arguments for the script. All of them together may be far longer than a single
    /// text, such as the script, may be. If they are too long even so, the cause of the failure is
    /// [`TOO_LONG`](Self::TOO_LONG).
    pub(crate) async fn spawn_with(
        &self,
        request: SpawnRequest<'_>,
        arguments: &[OsString],
    ) -> Result<Process, Failure> {
        let mut registered = self.reaper().await?.register(request.can_ask);
        let mut prologue = std::mem::take(&mut registered.prologue);
        prologue.extend_from_slice(close_used_descriptors().as_bytes());
        prologue.extend_from_slice(restore_command().as_bytes());
        let script = request.whole_script(prologue, None);
        let mut command = Command::new(request.shell);
        command.arg("-c").arg(OsString::from_vec(script));
        if !arguments.is_empty() {
            command.arg("sh").args(arguments);
        }
        spawn_group(command, request, registered)
    }

    /// The machine's reaper; a new one if the last was killed.
    async fn reaper(&self) -> Result<Arc<Reaper>, Failure> {
        let mut current = self.reaper.lock().await;
        if let Some(reaper) = current.as_ref().filter(|reaper| reaper.is_reachable()) {
            return Ok(reaper.clone());
        }
        let reaper = start_reaper().await.map(Arc::new).map_err(|error| {
            Failure::new(
                Kind::Usage,
                "cannot run anything on this machine",
                format!("nothing would end it when this program is killed: {error}"),
            )
            .with_hint("commands need `sh`, `mkfifo` and a writable /tmp")
        })?;
        *current = Some(reaper.clone());
        Ok(reaper)
    }
}

async fn start_reaper() -> Result<Reaper, ReaperError> {
    let pipe = ReaperPipe::new();
    let process = spawn_reaper(&pipe).map_err(|error| ReaperError::NotStarted(error.into()))?;
    Reaper::attach(pipe, process, false).await
}

fn spawn_reaper(pipe: &ReaperPipe) -> std::io::Result<ReaperProcess<ChildStdin, Child>> {
    let mut child = Command::new("sh")
        .arg("-c")
        .arg(close_used_descriptors() + &pipe.script())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()?;
    // Both pipes were asked for just now.
    let no_pipe = || std::io::Error::other("no pipe");
    Ok(ReaperProcess {
        stdin: child.stdin.take().ok_or_else(no_pipe)?,
        stdout: Box::pin(child.stdout.take().ok_or_else(no_pipe)?),
        child,
    })
}

fn spawn_group(
    mut command: Command,
    request: SpawnRequest<'_>,
    registered: Registered,
) -> Result<Process, Failure> {
    let site = request.site;
    command
        .stdin(if request.input.is_some() {
            Stdio::piped()
        } else {
            Stdio::null()
        })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    let mut child = command
        .spawn()
        .map_err(|error| not_spawned(&command, site, &error))?;
    let leader = child
        .id()
        .and_then(|id| i32::try_from(id).ok())
        .and_then(rustix::process::Pid::from_raw);
    let ends_leftovers = request.privileged.is_some();
    let group = ProcessGroup::local(leader, registered.registration, ends_leftovers);
    let feed = request
        .input
        .zip(child.stdin.take())
        .map(|(input, stdin)| feed_input(input, stdin));
    let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
        // Both pipes were asked for a few lines above.
        return Err(Failure::new(
            Kind::Other,
            format!("cannot read the output of a command on {site}"),
            "no pipe",
        ));
    };
    Ok(Process {
        stdout: Box::pin(stdout),
        stderr: Box::pin(stderr),
        requests: registered.requests,
        feed,
        wait: Box::pin(async move {
            let status = child.wait().await.map_err(|error| {
                Failure::new(Kind::Other, "cannot wait for a command", error.to_string())
            })?;
            Ok(status
                .code()
                .map_or(Exit::Signal(status.signal()), Exit::Code))
        }),
        group,
        must_drain_first: false,
    })
}

fn not_spawned(command: &Command, site: &str, error: &std::io::Error) -> Failure {
    let program = command.as_std().get_program().to_string_lossy();
    let cause = match error.kind() {
        ErrorKind::ArgumentListTooLong => LocalTransport::TOO_LONG.to_owned(),
        _ => error.to_string(),
    };
    let headline = format!("cannot run `{program}` on {site}");
    let failure = Failure::new(Kind::Usage, headline, cause);
    match error.kind() {
        ErrorKind::NotFound => {
            failure.with_hint(format!("install `{program}`, or put it on the PATH"))
        }
        _ => failure,
    }
}
