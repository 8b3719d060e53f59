use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::ExitStatus;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::finished::Finished;
use crate::guard::GUARD;
use crate::kept::Connections;
use crate::mark::Mark;
use crate::streams::Streams;

/// A program that runs. Dropped before it has ended, it is killed with all that it started.
pub struct Running {
    pub(crate) pid: Pid,
    pub(crate) keys: Option<Box<dyn Write + Send>>,
    pub(crate) mark: Mark,
    pub(crate) temporary: TempDir,
    pub(crate) connections: Connections,
    pub(crate) streams: Arc<Streams>,
    pub(crate) readers: Vec<JoinHandle<()>>,
    pub(crate) status: mpsc::Receiver<ExitStatus>,
    pub(crate) ended: bool,
}

impl Running {
    /// The mark of all that it starts.
    pub fn mark(&self) -> &Mark {
        &self.mark
    }

    /// Its folder for temporary files.
    pub fn temporary(&self) -> &Path {
        self.temporary.path()
    }

    /// Where it keeps connections.
    pub fn connections(&self) -> &Connections {
        &self.connections
    }

    /// Sends it a signal.
    ///
    /// # Panics
    ///
    /// If it is not there any more.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).unwrap();
    }

    /// Types on its terminal.
    ///
    /// # Panics
    ///
    /// If it was not started [with keys](crate::Program::with_keys), or is not there any more.
    pub fn type_keys(&mut self, keys: &str) {
        let terminal = self.keys.as_mut().expect("it has no keys");
        terminal.write_all(keys.as_bytes()).unwrap();
        terminal.flush().unwrap();
    }

    /// Types nothing more.
    pub fn close_keys(&mut self) {
        self.keys = None;
    }

    /// Waits until it has put out this text `count` times, on either stream.
    ///
    /// # Panics
    ///
    /// If it never does.
    pub fn wait_for(&self, count: usize, text: &str) {
        self.streams.wait_for(count, text);
    }

    /// What it has put out on its standard output so far.
    pub fn output(&self) -> String {
        String::from_utf8_lossy(&self.streams.so_far()).into_owned()
    }

    /// Waits for its end.
    ///
    /// # Panics
    ///
    /// If it does not end.
    pub fn finish(self) -> Finished {
        self.finish_within(GUARD)
    }

    /// Waits for its end, which may be as far off as this.
    ///
    /// # Panics
    ///
    /// If it does not end.
    pub fn finish_within(mut self, limit: Duration) -> Finished {
        let Ok(status) = self.status.recv_timeout(limit) else {
            panic!("it does not end:\n{}", self.streams);
        };
        self.ended = true;
        for reader in self.readers.drain(..) {
            reader.join().unwrap();
        }
        let [stdout, stderr] = self.streams.take();
        let temporary = std::mem::replace(&mut self.temporary, TempDir::new().unwrap());
        Finished {
            code: status.code(),
            signal: status.signal(),
            stdout,
            stderr,
            mark: self.mark.clone(),
            temporary,
            connections: self.connections.clone(),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.ended {
            let _ = kill_process(self.pid, Signal::KILL);
            self.mark.kill_all();
        }
    }
}
