use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;

/// What the users of tests are called, before the id of the test's process and a number.
const PREFIX: &str = "ploy-test-";

/// A user of this machine who is there for a test alone. Copies are the same one; the last one
/// removes it.
///
/// It needs root, and `useradd`.
#[derive(Clone, Debug)]
pub struct User(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    name: String,
    /// Always there, until the user is removed.
    home: Option<TempDir>,
}

impl User {
    /// Makes a user who logs in to this shell: the name of a program on the `PATH`, or a path.
    ///
    /// # Panics
    ///
    /// If it cannot be made.
    pub fn with_shell(shell: impl AsRef<Path>) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let (pid, number) = (std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let made = Inner {
            name: format!("{PREFIX}{pid}-{number}"),
            home: Some(tempfile::Builder::new().prefix("home-").tempdir().unwrap()),
        };
        let shell = found(shell.as_ref());
        let lock = lock();
        remove_orphans();
        // With `*` for a password nobody logs in by one, and sshd does not take the account for a
        // locked one.
        let output = Command::new("useradd")
            .args(["--no-create-home", "--password", "*", "--home-dir"])
            .arg(made.home())
            .arg("--shell")
            .arg(shell)
            .arg(&made.name)
            .output()
            .expect("`useradd` cannot be run");
        drop(lock);
        assert!(
            output.status.success(),
            "the tests cannot make a user, which needs root: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let user = User(Arc::new(made));
        user.own(user.home());
        user
    }

    /// Makes a user with a password, who may do by sudo what these lines of sudoers say: `USER`
    /// stands for the name.
    ///
    /// # Panics
    ///
    /// If it cannot be made, or the lines are no sudoers.
    pub fn with_sudo(password: &str, sudoers: &str) -> Self {
        let user = User::with_shell("bash");
        let lock = lock();
        let mut child = Command::new("chpasswd")
            .stdin(Stdio::piped())
            .spawn()
            .expect("`chpasswd` cannot be run");
        let line = format!("{}:{password}\n", user.name());
        child
            .stdin
            .take()
            .unwrap()
            .write_all(line.as_bytes())
            .unwrap();
        assert!(child.wait().unwrap().success(), "no password can be set");
        drop(lock);
        user.may(sudoers);
        user
    }

    /// Lets the user do by sudo what these lines say, and nothing else.
    ///
    /// # Panics
    ///
    /// If the lines are no sudoers.
    pub fn may(&self, sudoers: &str) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let text = sudoers.replace("USER", self.name());
        file.write_all(format!("{text}\n").as_bytes()).unwrap();
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o440)).unwrap();
        let check = Command::new("visudo")
            .arg("-cf")
            .arg(file.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&check.stderr);
        assert!(check.status.success(), "{said}\n{text}");
        fs::copy(file.path(), sudoers_of(self.name())).unwrap();
    }

    /// The user's name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The user's home, which is empty at first.
    pub fn home(&self) -> &Path {
        self.0.home()
    }

    /// Writes a file into the home.
    pub fn write(&self, name: &str, content: &str) {
        let path = self.home().join(name);
        let folder = path.parent().unwrap();
        fs::create_dir_all(folder).unwrap();
        fs::write(&path, content).unwrap();
        for folder in folder.ancestors().take_while(|one| *one != self.home()) {
            self.own(folder);
        }
        self.own(&path);
    }

    /// What is the user's in `/tmp`, besides the home.
    pub fn temporary_files(&self) -> Vec<PathBuf> {
        self.0.temporary_files()
    }

    fn own(&self, path: &Path) {
        let [user, group] = ["-u", "-g"].map(|option| self.0.id(option));
        assert!(user.is_some() && group.is_some(), "there is no such user");
        chown(path, user, group).unwrap();
    }
}

impl Inner {
    fn home(&self) -> &Path {
        self.home.as_ref().unwrap().path()
    }

    fn temporary_files(&self) -> Vec<PathBuf> {
        let Some(user) = self.id("-u") else {
            return Vec::new();
        };
        fs::read_dir("/tmp")
            .unwrap()
            .flatten()
            .filter(|entry| entry.metadata().is_ok_and(|found| found.uid() == user))
            .map(|entry| entry.path())
            .filter(|path| path != self.home())
            .collect()
    }

    /// The user's number, or the group's; `None` if it has not been made.
    fn id(&self, option: &str) -> Option<u32> {
        let output = Command::new("id").args([option, &self.name]).output();
        let text = String::from_utf8(output.ok()?.stdout).ok()?;
        text.trim().parse().ok()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // The next user may be given the same number as soon as this one is removed, and then all
        // of this would be theirs.
        for path in self.temporary_files() {
            let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path));
        }
        drop(self.home.take());
        let _lock = lock();
        remove(&self.name);
    }
}

/// Who makes or removes users, one at a time: the files are locked by whoever changes them, and
/// others do not wait.
fn lock() -> File {
    let path = std::env::temp_dir().join("ploy-test-users.lock");
    let file = File::create(path).unwrap();
    file.lock().unwrap();
    file
}

/// The user's own file of sudoers.
fn sudoers_of(name: &str) -> PathBuf {
    Path::new("/etc/sudoers.d").join(name)
}

fn remove(name: &str) {
    let _ = fs::remove_file(sudoers_of(name));
    let _ = Command::new("userdel").args(["--force", name]).output();
}

/// Removes the users of tests that were killed.
fn remove_orphans() {
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    for name in users.lines().filter_map(|line| line.split(':').next()) {
        let pid = name
            .strip_prefix(PREFIX)
            .and_then(|id| id.split('-').next());
        if pid.is_some_and(|pid| !Path::new("/proc").join(pid).exists()) {
            remove(name);
        }
    }
}

fn found(shell: &Path) -> PathBuf {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let mut all = std::env::split_paths(&paths).map(|path| path.join(shell));
    let runs = |path: &PathBuf| {
        fs::metadata(path)
            .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
    };
    all.find(runs)
        .unwrap_or_else(|| panic!("{} is not installed", shell.display()))
}
