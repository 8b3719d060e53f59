use std::process::Stdio;
use std::sync::Arc;

use tokio::process::Command;
use tokio::sync::OnceCell;

use super::process::Group;
use super::reaper::{Reaper, SCRIPT};
use super::{Exit, Process};
use crate::error::{Failure, Kind};

/// Runs scripts on this machine.
#[derive(Clone, Default)]
pub(crate) struct Local {
    reaper: Arc<OnceCell<Option<Arc<Reaper>>>>,
}

impl Local {
    /// Starts `shell -c script` in a process group of its own, without standard input.
    pub(crate) async fn spawn(
        &self,
        site: &str,
        shell: &str,
        script: &[u8],
    ) -> Result<Process, Failure> {
        let (registration, mut text) = match self.reaper().await {
            Some(reaper) => {
                let (registration, text) = reaper.register();
                (Some(registration), text)
            }
            None => (None, Vec::new()),
        };
        text.extend_from_slice(script);
        let mut command = Command::new(shell);
        command.arg("-c").arg(os_string(text));
        spawn_group(command, site, registration)
    }

    /// Starts a program in a process group of its own, without standard input.
    pub(crate) async fn spawn_program(
        &self,
        site: &str,
        program: Command,
    ) -> Result<Process, Failure> {
        spawn_group(program, site, None)
    }

    async fn reaper(&self) -> Option<Arc<Reaper>> {
        self.reaper
            .get_or_init(|| async { start_reaper().await.map(Arc::new) })
            .await
            .clone()
    }
}

async fn start_reaper() -> Option<Reaper> {
    let mut child = Command::new("sh")
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .ok()?;
    let (stdin, stdout) = (child.stdin.take()?, child.stdout.take()?);
    Reaper::attach(stdin, stdout, child).await
}

fn spawn_group(
    mut command: Command,
    site: &str,
    registration: Option<super::reaper::Registration>,
) -> Result<Process, Failure> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    let mut child = command.spawn().map_err(|error| {
        let program = command
            .as_std()
            .get_program()
            .to_string_lossy()
            .into_owned();
        let failure = Failure::new(
            Kind::Usage,
            format!("cannot run `{program}` on {site}"),
            error.to_string(),
        );
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
    let group = Group::new(leader, registration);
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
    })
}

fn os_string(bytes: Vec<u8>) -> std::ffi::OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes)
}
