use std::ffi::OsString;
use std::process::Stdio;
use std::sync::Arc;

use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::Mutex;

use super::open_file_limit;
use super::process::Group;
use super::spawn_request::feed;
use crate::error::{Failure, Kind};
use crate::secret::close_taken;
use crate::transport::Asks;
use crate::transport::Exit;
use crate::transport::Launch;
use crate::transport::Process;
use crate::transport::guard::Reaper;
use crate::transport::guard::Registration;
use crate::transport::guard::Started;
use crate::transport::guard::reaper;

/// Runs scripts on this machine.
#[derive(Clone, Default)]
pub(crate) struct Local {
    reaper: Arc<Mutex<Option<Arc<Reaper>>>>,
}

impl Local {
    /// What a failure says if a script and its arguments are more than this machine gives a program.
    pub(crate) const TOO_LONG: &str = "its arguments are too long";

    /// Starts a script in a process group of its own.
    pub(crate) async fn spawn(&self, launch: Launch<'_>) -> Result<Process, Failure> {
        self.spawn_with(launch, &[]).await
    }

    /// The same with arguments of the script: all of them together may be far longer than any one text, such as that
    /// of the script. If they are too long even so, the cause is [`TOO_LONG`](Self::TOO_LONG).
    pub(crate) async fn spawn_with(
        &self,
        launch: Launch<'_>,
        arguments: &[OsString],
    ) -> Result<Process, Failure> {
        let (registration, mut text, asks) = self.reaper().await?.register(launch.asks);
        text.extend_from_slice(close_taken().as_bytes());
        text.extend_from_slice(open_file_limit::restore().as_bytes());
        let text = launch.whole(text, None);
        let mut command = Command::new(launch.shell);
        command.arg("-c").arg(os_string(text));
        if !arguments.is_empty() {
            command.arg("sh").args(arguments);
        }
        spawn_group(command, launch, registration, asks)
    }

    /// The machine's reaper; another if somebody has ended it.
    async fn reaper(&self) -> Result<Arc<Reaper>, Failure> {
        let mut current = self.reaper.lock().await;
        if let Some(reaper) = current.as_ref().filter(|reaper| reaper.hears()) {
            return Ok(reaper.clone());
        }
        let start = async {
            let pipe = reaper::pipe();
            let started = start_reaper(&pipe).map_err(|error| error.to_string())?;
            Reaper::new(pipe, started, false).await
        };
        let reaper = start.await.map(Arc::new).map_err(|cause| {
            Failure::new(
                Kind::Usage,
                "cannot run anything on this machine",
                format!("nothing would end it when this program is killed: {cause}"),
            )
            .with_hint("commands need `sh`, `mkfifo` and a writable /tmp")
        })?;
        *current = Some(reaper.clone());
        Ok(reaper)
    }
}

fn start_reaper(pipe: &str) -> std::io::Result<Started<ChildStdin, Child>> {
    let mut child = Command::new("sh")
        .arg("-c")
        .arg(close_taken() + &reaper::script(pipe))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()?;
    // Both were asked for just now.
    let no_pipe = || std::io::Error::other("no pipe");
    Ok(Started {
        stdin: child.stdin.take().ok_or_else(no_pipe)?,
        stdout: Box::pin(child.stdout.take().ok_or_else(no_pipe)?),
        keep: child,
    })
}

fn spawn_group(
    mut command: Command,
    launch: Launch<'_>,
    registration: Registration,
    asks: Option<Asks>,
) -> Result<Process, Failure> {
    let site = launch.site;
    command
        .stdin(if launch.input.is_some() {
            Stdio::piped()
        } else {
            Stdio::null()
        })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    let mut child = command.spawn().map_err(|error| {
        let program = command
            .as_std()
            .get_program()
            .to_string_lossy()
            .into_owned();
        let cause = match error.kind() {
            std::io::ErrorKind::ArgumentListTooLong => Local::TOO_LONG.to_owned(),
            _ => error.to_string(),
        };
        let headline = format!("cannot run `{program}` on {site}");
        let failure = Failure::new(Kind::Usage, headline, cause);
        match error.kind() {
            std::io::ErrorKind::NotFound => {
                failure.with_hint(format!("install `{program}`, or put it on the PATH"))
            }
            _ => failure,
        }
    })?;
    let leader = child
        .id()
        .and_then(|id| i32::try_from(id).ok())
        .and_then(rustix::process::Pid::from_raw);
    let group = Group::here(leader, registration).tidy(launch.privileged.is_some());
    let feed = launch
        .input
        .zip(child.stdin.take())
        .map(|(input, stdin)| feed(input, stdin));
    let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
        // Both were asked for a few lines above.
        return Err(Failure::new(
            Kind::Other,
            format!("cannot read the output of a command on {site}"),
            "no pipe",
        ));
    };
    Ok(Process {
        stdout: Box::pin(stdout),
        stderr: Box::pin(stderr),
        asks,
        feed,
        wait: Box::pin(async move {
            use std::os::unix::process::ExitStatusExt;
            let status = child.wait().await.map_err(|error| {
                Failure::new(Kind::Other, "cannot wait for a command", error.to_string())
            })?;
            Ok(status
                .code()
                .map_or(Exit::Signal(status.signal()), Exit::Code))
        }),
        group,
        wait_last: false,
    })
}

fn os_string(bytes: Vec<u8>) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes)
}
