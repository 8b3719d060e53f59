//! Methods of a shell that run commands as another user, by sudo.

use std::panic::Location;

use super::cancel::CancelLevel;
use super::command::{IntoCommand, PendingCommand, cancelled};
use super::shell::Shell;
use super::sudo::{Privilege, SudoTrial};
use crate::error::Failure;
use crate::secret::{PasswordRequest, Passwords};
use crate::topology::Site;
use crate::transport::Destination;

/// As another user, by sudo. The password comes from the run's [`Passwords`], or from the shell's.
impl Shell {
    /// Runs one simple command as root: sudo runs it itself, so sudoers may allow just that
    /// command.
    ///
    /// As [`run`](Shell::run) otherwise, with these differences:
    /// - The site's `env` is the login user's: sudo lets the command have its own
    ///   [`env`](crate::shell::Command::env) and what [`keep_env`](crate::shell::Command::keep_env)
    ///   names, if sudoers allow it; and writes their values into its log. So a secret has no place
    ///   there.
    /// - Where a time-out or a cancel ends it, sudo passes TERM on to it; but nobody but root can
    ///   kill it, so one that takes no notice goes on, and the error says so. What
    ///   [`sudo_sh`](Shell::sudo_sh) runs is killed too.
    ///
    /// Besides as `run`, it fails with [`Kind::Usage`](crate::error::Kind::Usage) if the script is
    /// more than one simple command, of which sudo would run only the first; and with
    /// [`Kind::Password`](crate::error::Kind::Password) if there is no password, or only wrong
    /// ones.
    #[track_caller]
    pub fn sudo(&self, command: impl IntoCommand) -> PendingCommand {
        self.run_by(Privilege::Command, command, Location::caller())
    }

    /// As [`sudo`](Shell::sudo), as this user instead of root; `#1000` is a number.
    #[track_caller]
    pub fn sudo_as(&self, user: impl Into<String>, command: impl IntoCommand) -> PendingCommand {
        self.run_by(Privilege::Command, command, Location::caller())
            .run_as(user)
    }

    /// Runs a whole script as root, by a shell that sudo runs; sudoers have to allow that. Its
    /// working directory and its `env` are as for [`run`](Shell::run). When it is to end, nothing
    /// is left of it, as with any other command.
    #[track_caller]
    pub fn sudo_sh(&self, command: impl IntoCommand) -> PendingCommand {
        self.run_by(Privilege::Shell, command, Location::caller())
    }

    fn run_by(
        &self,
        privilege: Privilege,
        command: impl IntoCommand,
        at: &'static Location<'static>,
    ) -> PendingCommand {
        let mut command = command.into_command();
        command.options.privilege.privilege = privilege;
        PendingCommand::new(self.clone(), command, at)
    }

    /// This shell with these passwords for sudo, rather than without any. That of an action has the
    /// run's.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), ploy::Error> {
    /// use ploy::secret::Passwords;
    /// use ploy::{Script, Shell};
    ///
    /// let shell = Shell::ssh("web1.example.com").with_passwords(&Passwords::from_terminal());
    /// shell.sudo(Script::raw("systemctl reload nginx")).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use = "this is a shell with the passwords"]
    pub fn with_passwords(&self, passwords: &Passwords) -> Self {
        let shell = self.changed(|inner| inner.passwords = passwords.clone());
        passwords.join(&shell.password_domain(), shell.name());
        shell
    }

    /// Finds out now whether the password of the site's domain is right, on this site, and asks for
    /// it if need be. Nothing is run. Whether sudo asks at all: where it needs no password for
    /// anything, there is nothing to find out.
    ///
    /// # Errors
    ///
    /// [`Kind::Password`](crate::error::Kind::Password) if there is none, or only wrong ones; what
    /// [`run`](Shell::run) fails with if the site cannot be reached.
    pub async fn verify_password(&self) -> Result<bool, Failure> {
        let what = "verify the password for sudo";
        tokio::select! {
            biased;
            () = self.0.cancel.reached(CancelLevel::Term) => Err(cancelled(self.name(), what)),
            verified = self.verify() => verified,
        }
    }

    async fn verify(&self) -> Result<bool, Failure> {
        let mut trial = SudoTrial::new(self);
        let Some(user) = trial.begin().await? else {
            return Ok(false);
        };
        let request = PasswordRequest {
            site: self.name(),
            user: &user,
            rejected: None,
            must_verify: true,
        };
        let domain = self.password_domain();
        self.0
            .passwords
            .password(&domain, &request, &mut trial)
            .await?;
        Ok(true)
    }

    /// The name of the domain of the site's password: the one that it says, or `user@host`.
    pub(crate) fn password_domain(&self) -> String {
        password_domain(&self.0.site)
    }
}

/// The name of the domain of a site's password.
pub(crate) fn password_domain(site: &Site) -> String {
    match &site.password_domain {
        Some(domain) => domain.clone(),
        None => Destination::of(site, None).map_or_else(
            || "localhost".to_owned(),
            |destination| destination.to_string(),
        ),
    }
}
