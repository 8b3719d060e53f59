//! Starts an ssh master, the process that holds a connection.

use std::io::ErrorKind;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::AsyncReadExt;
use tokio::process::{ChildStderr, Command};

use super::connect_error::{ConnectError, ConnectErrorKind};
use super::destination::Destination;

/// How long connecting may take, if the site does not say.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// How much longer than ssh's own limit we wait for it.
const CONNECT_SLACK: Duration = Duration::from_secs(5);

/// How long the rest of its messages is read after ssh has ended.
const READ_REST_LIMIT: Duration = Duration::from_millis(50);

/// Starts an ssh master: a background process that holds the connection and serves it at `socket`.
/// It ends with the connection, and after `persist` without a session on it.
///
/// It asks the server every 15 s for a sign of life, and gives it up after three without: a host
/// that is cut off is noticed within a minute.
pub(crate) async fn start_master(
    destination: &Destination,
    socket: &Path,
    persist: Duration,
) -> Result<(), ConnectError> {
    let mut command = ssh_command(destination);
    command
        .args(["-M", "-N", "-f", "-S"])
        .arg(socket)
        .arg("-o")
        .arg(format!("ControlPersist={}", persist.as_secs()))
        .args([
            "-o",
            "ServerAliveInterval=15",
            "-o",
            "ServerAliveCountMax=3",
        ])
        // The commands on the connection are ours alone: nothing is added that the user configured
        // for a login.
        .args([
            "-o",
            "ClearAllForwardings=yes",
            "-o",
            "RemoteCommand=none",
            "-o",
            "PermitLocalCommand=no",
        ])
        .args(destination.arguments())
        .arg("--")
        .arg(&destination.host)
        .stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| {
        let kind = match error.kind() {
            ErrorKind::NotFound => ConnectErrorKind::NoProgram,
            _ => ConnectErrorKind::Other,
        };
        let program = destination.program().display();
        ConnectError::new(kind, format!("cannot run `{program}`: {error}"))
    })?;
    let process_guard = StartingProcess(child.id());
    let mut stderr = child.stderr.take();
    let limit = destination
        .connect_timeout
        .map_or(CONNECT_TIMEOUT, |timeout| timeout + CONNECT_SLACK);
    // The master closes its end of the pipe when it goes to the background, but a program that it
    // started may not. So the exit is waited for, and after it only what is there already is read.
    let mut output = Vec::new();
    let ended = tokio::time::timeout(limit, async {
        let mut buffer = [0; 4096];
        loop {
            tokio::select! {
                biased;
                read = read_some(&mut stderr, &mut buffer) => match read {
                    0 => stderr = None,
                    count => output.extend_from_slice(&buffer[..count]),
                },
                status = child.wait() => break status,
            }
        }
    })
    .await;
    match ended {
        Ok(Ok(status)) if status.success() => {
            process_guard.keep_running();
            Ok(())
        }
        Ok(Ok(_)) => {
            let rest = tokio::time::timeout(READ_REST_LIMIT, async {
                if let Some(stderr) = &mut stderr {
                    let _ = stderr.read_to_end(&mut output).await;
                }
            });
            let _ = rest.await;
            Err(ConnectError::from_ssh_output(&String::from_utf8_lossy(
                &output,
            )))
        }
        Ok(Err(error)) => Err(ConnectError::from_ssh_output(&error.to_string())),
        Err(_) => Err(ConnectError::timed_out(limit)),
    }
}

/// An `ssh` that never asks a person for anything. The ssh that it starts itself to reach a jump
/// host does not get that option; but it runs the program that would ask, which is one that says
/// no.
fn ssh_command(destination: &Destination) -> Command {
    let mut command = Command::new(destination.program());
    command
        .env("SSH_ASKPASS", "false")
        .env("SSH_ASKPASS_REQUIRE", "force")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        // Ctrl-C is for us to handle, not for ssh.
        .process_group(0)
        .kill_on_drop(true);
    command
}

/// An ssh that is starting, with everything that it has started. Dropped before it is done, they
/// are killed.
struct StartingProcess(Option<u32>);

impl StartingProcess {
    /// It goes on in the background, or has ended.
    fn keep_running(mut self) {
        self.0 = None;
    }
}

impl Drop for StartingProcess {
    fn drop(&mut self) {
        let group = self.0.and_then(|id| i32::try_from(id).ok());
        if let Some(group) = group.and_then(Pid::from_raw) {
            // Fails only if nothing is left of it.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// Reads the next bytes, 0 at the end; never returns once there is nothing to read from.
async fn read_some(stderr: &mut Option<ChildStderr>, buffer: &mut [u8]) -> usize {
    match stderr {
        Some(stderr) => stderr.read(buffer).await.unwrap_or(0),
        None => std::future::pending().await,
    }
}

/// Why a destination behind a jump host cannot be reached: a master does not pass on what the ssh
/// to the jump host says. `None` if it can be reached, or trying again may help.
pub(crate) async fn explain_jump_failure(destination: &Destination) -> Option<ConnectError> {
    let mut command = ssh_command(destination);
    command
        .args(["-o", "ControlMaster=no", "-o", "ControlPath=none"])
        .args(["-o", "RemoteCommand=none", "-o", "PermitLocalCommand=no"])
        .args(destination.arguments())
        .arg("--")
        .arg(&destination.host)
        .arg("exit 0")
        .stderr(Stdio::piped());
    let child = command.spawn().ok()?;
    let _starting = StartingProcess(child.id());
    let ended = tokio::time::timeout(CONNECT_TIMEOUT, child.wait_with_output())
        .await
        .ok()?
        .ok()?;
    if ended.status.success() {
        return None;
    }
    let mut error = ConnectError::from_ssh_output(&String::from_utf8_lossy(&ended.stderr));
    error.is_jump_host = true;
    (!error.is_temporary()).then_some(error)
}
