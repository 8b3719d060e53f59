//! Tells an ssh master to end, or to take no new sessions.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

/// How long a master may take to answer.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// Ends a master, and whatever runs over its connection. One that does not answer is left alone.
pub(super) async fn stop_master(socket: &Path, host: &str) {
    send_control_command(socket, host, "exit").await;
}

/// Has a master remove its socket and take no new sessions. What runs over its connection goes on.
pub(crate) async fn retire_master(socket: &Path, host: &str) {
    send_control_command(socket, host, "stop").await;
}

async fn send_control_command(socket: &Path, host: &str, command: &str) {
    let ended = Command::new("ssh")
        .args(["-F", "none", "-O", command, "-S"])
        .arg(socket)
        .args(["--", host])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .status();
    let _ = tokio::time::timeout(ANSWER_LIMIT, ended).await;
}
