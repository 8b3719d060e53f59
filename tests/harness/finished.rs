use tempfile::TempDir;

use crate::kept::Connections;
use crate::mark::{Mark, Survivor};

/// A program that has ended.
pub struct Finished {
    /// Its exit code, if it exited.
    pub code: Option<i32>,
    /// The signal that ended it, if one did.
    pub signal: Option<i32>,
    /// Its standard output.
    pub stdout: Vec<u8>,
    /// Its standard error.
    pub stderr: Vec<u8>,
    /// The mark of all that it started.
    pub mark: Mark,
    /// Its folder for temporary files.
    pub temporary: TempDir,
    /// Where it keeps connections.
    pub connections: Connections,
}

impl Finished {
    /// Its standard output as text.
    pub fn out(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Its standard error as text.
    pub fn err(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }

    /// The same, if it ended with this exit code.
    ///
    /// # Panics
    ///
    /// If it did not, with what it put out.
    #[must_use]
    pub fn exited(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "signal {:?}\n{}\n{}",
            self.signal,
            self.out(),
            self.err()
        );
        self
    }

    /// Checks that nothing that it started still runs but for the connections that it keeps, and
    /// that its folder for temporary files is empty.
    ///
    /// # Panics
    ///
    /// If something was left.
    pub fn assert_clean(&self) {
        self.mark.wait_until_gone(Survivor::is_master);
        let mut left: Vec<_> = self
            .temporary
            .path()
            .read_dir()
            .unwrap()
            .flatten()
            .map(|entry| entry.path())
            .collect();
        left.extend(self.connections.strange());
        assert!(left.is_empty(), "temporary files were left: {left:?}");
    }
}
