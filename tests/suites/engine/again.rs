//! Running a test of this binary once more, where the machine or the user is another.

use std::fs;
use std::os::unix::fs::{PermissionsExt, lchown};
use std::process::Command;

use tempfile::TempDir;

/// Nobody's number, as most systems have it.
const NOBODY: u32 = 65_534;

/// Says to a test that it runs the second time.
const VARIABLE: &str = "PLOY_TEST_AGAIN";

/// A test about to run in a process of its own.
pub(super) struct Again {
    test: String,
    folder: TempDir,
}

impl Again {
    /// Whether this is the second time.
    pub(super) fn is_now() -> bool {
        std::env::var_os(VARIABLE).is_some()
    }

    /// The test of that name, with its modules.
    pub(super) fn new(test: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        // Where another user finds it. Not written by this process: what another test starts
        // meanwhile would inherit the open file, and what is open for writing cannot be run.
        let copied = Command::new("cp")
            .arg(std::env::current_exe().unwrap())
            .arg(folder.path().join("tests"))
            .status();
        assert!(copied.unwrap().success());
        fs::create_dir(folder.path().join("home")).unwrap();
        Again {
            test: test.to_owned(),
            folder,
        }
    }

    /// Runs it by a user who owns nothing but a home. Needs root, and `setpriv` of util-linux.
    pub(super) fn as_nobody(&self) {
        let home = self.folder.path().join("home");
        lchown(&home, Some(NOBODY), Some(NOBODY)).unwrap();
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid", "65534", "--regid", "65534", "--clear-groups"])
            .arg(self.folder.path().join("tests"));
        self.run(command);
    }

    /// Runs it where no other programs are found than these.
    pub(super) fn with_only(&self, programs: &[&str]) {
        let path = ploy_tests::only(programs);
        let mut command = Command::new(self.folder.path().join("tests"));
        command.env("PATH", path.path());
        self.run(command);
    }

    fn run(&self, mut command: Command) {
        let home = self.folder.path().join("home");
        let output = command
            .args(["--include-ignored", "--exact", &self.test])
            .env(VARIABLE, "1")
            .env("HOME", &home)
            .env("TMPDIR", &home)
            .current_dir(&home)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stdout);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{told}{error}");
        assert!(told.contains("1 passed"), "{told}");
    }
}
