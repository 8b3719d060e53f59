use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::TempDir;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

use super::connect_error::Diagnosis;
use super::connect_error::Trouble;
use super::connect_error::diagnose;
use super::socket_dir::SOCKET_PATH;
use super::socket_dir::is_safe;
use crate::transport::Destination;

/// How long connecting may take if the site does not say.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// Starts an ssh master: a process in the background that holds the connection, and serves it at `socket`. It ends when
/// the connection does, and after so long without a session on it.
///
/// It asks the server every 15 s for a sign of life, and gives it up after three without: a host that is cut off is
/// noticed within a minute.
pub(crate) async fn start(
    destination: &Destination,
    socket: &Path,
    persist: Duration,
) -> Result<(), Diagnosis> {
    let mut command = ssh(destination);
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
        // The commands on the connection are ours alone, whatever the user's configuration adds for a login.
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
        let trouble = match error.kind() {
            ErrorKind::NotFound => Trouble::NoProgram,
            _ => Trouble::Other,
        };
        let program = destination.program().display();
        Diagnosis::new(trouble, format!("cannot run `{program}`: {error}"))
    })?;
    let starting = Starting(child.id());
    let mut stderr = child.stderr.take();
    let limit = destination
        .connect_timeout
        .map_or(CONNECT_TIMEOUT, |timeout| timeout + Duration::from_secs(5));
    // The master keeps no end of the pipe once it is in the background, but a program that it started may: so the
    // exit is waited for, and then only what is there already is read.
    let mut said = Vec::new();
    let ended = tokio::time::timeout(limit, async {
        let mut buffer = [0; 4096];
        loop {
            tokio::select! {
                biased;
                read = read_some(&mut stderr, &mut buffer) => match read {
                    0 => stderr = None,
                    count => said.extend_from_slice(&buffer[..count]),
                },
                status = child.wait() => break status,
            }
        }
    })
    .await;
    match ended {
        Ok(Ok(status)) if status.success() => {
            starting.has_started();
            Ok(())
        }
        Ok(Ok(_)) => {
            let rest = tokio::time::timeout(Duration::from_millis(50), async {
                if let Some(stderr) = &mut stderr {
                    let _ = stderr.read_to_end(&mut said).await;
                }
            });
            let _ = rest.await;
            Err(diagnose(&String::from_utf8_lossy(&said)))
        }
        Ok(Err(error)) => Err(diagnose(&error.to_string())),
        Err(_) => Err(Diagnosis::timed_out(limit)),
    }
}

/// An `ssh` that asks nobody anything. The one that it runs to reach a jump host is not told that by an option, but knows
/// the program that would ask: one that says no.
fn ssh(destination: &Destination) -> Command {
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

/// An ssh that has not come to its end, with all that it has started: dropped before, they are killed.
struct Starting(Option<u32>);

impl Starting {
    /// It goes on in the background.
    fn has_started(mut self) {
        self.0 = None;
    }
}

impl Drop for Starting {
    fn drop(&mut self) {
        let group = self.0.and_then(|id| i32::try_from(id).ok());
        if let Some(group) = group.and_then(Pid::from_raw) {
            // Fails only if nothing is left of it.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// The next bytes, 0 at the end; never returns once there is nothing to read from.
async fn read_some(stderr: &mut Option<tokio::process::ChildStderr>, buffer: &mut [u8]) -> usize {
    match stderr {
        Some(stderr) => stderr.read(buffer).await.unwrap_or(0),
        None => std::future::pending().await,
    }
}

/// Why there is no way to a destination behind a jump host: a master does not pass on what the ssh to that host says.
/// `None` if there is one, or trying again may help.
pub(crate) async fn explain(destination: &Destination) -> Option<Diagnosis> {
    let mut command = ssh(destination);
    command
        .args(["-o", "ControlMaster=no", "-o", "ControlPath=none"])
        .args(["-o", "RemoteCommand=none", "-o", "PermitLocalCommand=no"])
        .args(destination.arguments())
        .arg("--")
        .arg(&destination.host)
        .arg("exit 0")
        .stderr(Stdio::piped());
    let child = command.spawn().ok()?;
    let _starting = Starting(child.id());
    let output = tokio::time::timeout(CONNECT_TIMEOUT, child.wait_with_output())
        .await
        .ok()?
        .ok()?;
    if output.status.success() {
        return None;
    }
    let mut diagnosis = diagnose(&String::from_utf8_lossy(&output.stderr));
    diagnosis.is_on_the_way = true;
    (!diagnosis.is_passing()).then_some(diagnosis)
}

/// Ends a master, and whatever runs over its connection. One that does not answer is left to itself.
pub(crate) async fn stop(socket: &Path, host: &str) {
    tell(socket, host, "exit").await;
}

/// Has a master take its socket away and serve nobody else. What runs over its connection goes on.
pub(crate) async fn retire(socket: &Path, host: &str) {
    tell(socket, host, "stop").await;
}

async fn tell(socket: &Path, host: &str, order: &str) {
    let asked = Command::new("ssh")
        .args(["-F", "none", "-O", order, "-S"])
        .arg(socket)
        .args(["--", host])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .status();
    let _ = tokio::time::timeout(Duration::from_secs(5), asked).await;
}

/// A folder for the socket of a connection that is ours alone, which only this user can enter.
pub(crate) fn folder() -> Result<TempDir, Diagnosis> {
    socket_folder().map_err(|error| {
        let cause = format!("cannot make a folder for the ssh socket: {error}");
        Diagnosis::new(Trouble::NoSocket, cause)
    })
}

/// A fresh folder that only this user can enter, whose path is short enough for a socket.
fn socket_folder() -> std::io::Result<TempDir> {
    use std::os::unix::fs::PermissionsExt;
    let candidates = [
        std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from),
        Some(std::env::temp_dir()),
    ];
    let user = rustix::process::getuid().as_raw();
    let fits = |base: &Path| {
        base.is_absolute()
            && base.as_os_str().len() + "/ploy-XXXXXX/master".len() <= SOCKET_PATH
            && is_safe(base, user)
    };
    let mut builder = tempfile::Builder::new();
    builder
        .prefix("ploy-")
        .permissions(std::fs::Permissions::from_mode(0o700));
    for base in candidates.into_iter().flatten().filter(|base| fits(base)) {
        if let Ok(directory) = builder.tempdir_in(base) {
            return Ok(directory);
        }
    }
    builder.tempdir_in("/tmp")
}
