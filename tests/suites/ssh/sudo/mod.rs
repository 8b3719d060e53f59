//! Commands that another user runs, by a real sudo with a real password.

mod by_hand;
mod commands;
mod endings;
mod leaks;
mod passwords;
mod terminal;
mod transfers;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use ploy::secret::Passwords;
use ploy::{Secret, Shell};
use ploy_tests::{Program, Server, ServerOptions, User};
use tempfile::TempDir;

/// The password of the users here. With what a shell, sudo or a pipe could stumble over.
const PASSWORD: &str = r#" it's "5$" \n `id` ü% "#;

/// A server on which a user logs in who may use sudo.
struct Sudo {
    user: User,
    server: Server,
}

impl Sudo {
    /// A user who may do by sudo what these lines of sudoers say.
    fn may(sudoers: &str) -> Self {
        Sudo::with_password(PASSWORD, sudoers)
    }

    fn with_password(password: &str, sudoers: &str) -> Self {
        let user = User::with_sudo(password, sudoers);
        let server = Server::with(&ServerOptions {
            user: Some(user.clone()),
            ..ServerOptions::default()
        });
        Sudo { user, server }
    }

    /// A user who may do everything, with the password.
    fn all() -> Self {
        Sudo::may("USER ALL=(ALL:ALL) ALL")
    }

    /// A shell that has the password.
    fn shell(&self) -> Shell {
        self.shell_with("web1", &right())
    }

    fn shell_with(&self, site: &str, passwords: &Passwords) -> Shell {
        Shell::with(site, self.server.site(site)).with_passwords(passwords)
    }

    /// The deploy binary of the tests, with this server's sites in the domain `prod`.
    fn program(&self, arguments: &[&str]) -> Program {
        Program::new("probe", arguments)
            .env("PROBE_CONFIG", self.server.config())
            .env("PROBE_DOMAIN", "prod")
            .env("PROBE_SCRIPT", "id -un")
            .env("NO_COLOR", "1")
    }

    /// What is there of the user's when a shell has gone: nothing.
    #[track_caller]
    fn assert_empty(&self) {
        self.server.assert_empty();
        let left = self.user.temporary_files();
        assert!(left.is_empty(), "{left:?}");
    }
}

/// A file with a password, and more below it.
struct PasswordFile {
    _folder: TempDir,
    path: PathBuf,
}

impl PasswordFile {
    fn new() -> Self {
        PasswordFile::of(PASSWORD)
    }

    fn of(password: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        fs::write(&path, format!("{password}\nuser: deploy\n")).unwrap();
        let file = PasswordFile {
            _folder: folder,
            path,
        };
        file.chmod(0o600);
        file
    }

    fn path(&self) -> &str {
        self.path.to_str().unwrap()
    }

    fn chmod(&self, mode: u32) {
        fs::set_permissions(&self.path, fs::Permissions::from_mode(mode)).unwrap();
    }
}

/// The right password, for everybody.
fn right() -> Passwords {
    Passwords::given(&Secret::new(PASSWORD), "a test")
}
