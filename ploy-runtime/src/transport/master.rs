use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

use super::Destination;
use super::diagnose::{Diagnosis, diagnose};
use crate::error::Kind;

/// How long connecting may take if the site does not say.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// The longest path in which ssh can make its socket: 108 bytes, less a suffix of 17 that it appends meanwhile.
const SOCKET_PATH: usize = 90;

/// Starts an ssh master: a process that holds the connection, in the background, for as long as we use its socket
/// `master` in the returned directory, and a minute longer if we are killed.
pub(super) async fn start(destination: &Destination) -> Result<TempDir, Diagnosis> {
    let directory = socket_directory().map_err(|error| Diagnosis {
        kind: Kind::Other,
        cause: format!("cannot make a directory for the ssh socket: {error}"),
        hint: Some("set XDG_RUNTIME_DIR or TMPDIR to a directory of your own".to_owned()),
        passing: false,
    })?;
    let mut child = Command::new("ssh")
        .args(["-M", "-N", "-f", "-S"])
        .arg(directory.path().join("master"))
        .args([
            "-o",
            "ControlPersist=60",
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
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        // Ctrl-C is for us to handle, not for ssh.
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| Diagnosis {
            kind: Kind::Unreachable,
            cause: format!("cannot run `ssh`: {error}"),
            hint: Some("install OpenSSH's client".to_owned()),
            passing: false,
        })?;
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
        Ok(Ok(status)) if status.success() => Ok(directory),
        Ok(Ok(_)) => {
            let rest = tokio::time::timeout(Duration::from_millis(50), async {
                if let Some(stderr) = &mut stderr {
                    let _ = stderr.read_to_end(&mut said).await;
                }
            });
            let _ = rest.await;
            Err(diagnose(&String::from_utf8_lossy(&said), destination))
        }
        Ok(Err(error)) => Err(diagnose(&error.to_string(), destination)),
        Err(_) => Err(Diagnosis {
            kind: Kind::Unreachable,
            cause: format!("no connection within {} s", limit.as_secs()),
            hint: Some(
                "check the host, the network and firewalls; `connect_timeout` sets the time"
                    .to_owned(),
            ),
            passing: false,
        }),
    }
}

/// The next bytes, 0 at the end; never returns once there is nothing to read from.
async fn read_some(stderr: &mut Option<tokio::process::ChildStderr>, buffer: &mut [u8]) -> usize {
    match stderr {
        Some(stderr) => stderr.read(buffer).await.unwrap_or(0),
        None => std::future::pending().await,
    }
}

/// A fresh directory that only this user can enter, whose path is short enough for a socket.
fn socket_directory() -> std::io::Result<TempDir> {
    use std::os::unix::fs::PermissionsExt;
    let candidates = [
        std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from),
        Some(std::env::temp_dir()),
    ];
    let fits = |base: &Path| {
        base.is_absolute() && base.as_os_str().len() + "/ploy-XXXXXX/master".len() <= SOCKET_PATH
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
