//! Commands that another user runs, by a real sudo with a real password.

mod commands;
mod endings;
mod leaks;
mod passwords;
mod terminal;
mod transfers;

use ploy::{Passwords, Secret, Shell};
use ploy_tests::{Server, ServerOptions, User};

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
        let user = User::with_sudo(PASSWORD, sudoers);
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

    /// What is there of the user's when a shell has gone: nothing.
    #[track_caller]
    fn assert_empty(&self) {
        self.server.assert_empty();
        let left = self.user.temporary_files();
        assert!(left.is_empty(), "{left:?}");
    }
}

/// The right password, for everybody.
fn right() -> Passwords {
    Passwords::given(&Secret::new(PASSWORD), "a test")
}
