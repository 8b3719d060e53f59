use std::fs;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::mark::Survivor;

/// How long a master may take to end before it is killed.
const ENDING: Duration = Duration::from_secs(3);

/// A folder in which programs keep their connections after they have ended: `XDG_RUNTIME_DIR`, for
/// them. Copies share it; when the last one is dropped, the connections end.
#[derive(Clone, Debug)]
pub struct Connections(Arc<Folder>);

#[derive(Debug)]
struct Folder(TempDir);

impl Connections {
    /// A folder that nobody else has, with nothing in it.
    #[allow(clippy::new_without_default)] // No two are equal, which a default would suggest.
    pub fn new() -> Self {
        // A short name: a socket's path holds 108 bytes.
        let folder = tempfile::Builder::new()
            .prefix("x")
            .tempdir_in("/tmp")
            .unwrap();
        Connections(Arc::new(Folder(folder)))
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.0.0.path()
    }

    /// The folder that ploy makes in it.
    pub fn sockets(&self) -> PathBuf {
        self.folder().join("ploy")
    }

    /// The processes that hold the connections.
    pub fn masters(&self) -> Vec<Survivor> {
        masters_below(self.folder())
    }

    /// Kills those processes, which leaves their sockets behind.
    pub fn kill_masters(&self) {
        for master in self.masters() {
            let _ = kill_process(master.pid, Signal::KILL);
        }
        crate::until("the masters are gone", || self.masters().is_empty());
    }

    /// What is in the folder besides the connections that are kept.
    pub(crate) fn strange(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder()).unwrap().flatten();
        let paths = entries.map(|entry| entry.path());
        paths.filter(|path| *path != self.sockets()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let folder = self.0.path();
        for socket in sockets_below(folder) {
            let _ = Command::new("ssh")
                .args(["-F", "none", "-O", "exit", "-S"])
                .arg(socket)
                .arg("x")
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
        }
        let begin = Instant::now();
        while let left = masters_below(folder)
            && !left.is_empty()
        {
            if begin.elapsed() > ENDING {
                for master in left {
                    let _ = kill_process(master.pid, Signal::KILL);
                }
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// The sockets in a folder and in the folders in it.
fn sockets_below(folder: &Path) -> Vec<PathBuf> {
    let inside = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten();
    let folders = inside(folder).map(|entry| entry.path());
    folders
        .flat_map(|folder| inside(&folder).collect::<Vec<_>>())
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_socket()))
        .map(|entry| entry.path())
        .collect()
}

/// The processes of ssh whose socket is below this folder. A master in the background says so in
/// its title.
fn masters_below(folder: &Path) -> Vec<Survivor> {
    let wanted = format!("{}/", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").expect("/proc is not there").flatten() {
        let pid = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok());
        let Some(pid) = pid.and_then(Pid::from_raw) else {
            continue;
        };
        let command = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let command = String::from_utf8_lossy(&command).replace('\0', " ");
        let process = Survivor { pid, command };
        if process.is_master() && process.command.contains(&wanted) {
            found.push(process);
        }
    }
    found
}
