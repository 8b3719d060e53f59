//! Which user runs a command, and how the command gets to that user.

use super::privilege_error::PrivilegeError;
use super::simple_command::is_simple;
use crate::error::{Failure, Kind};
use crate::shell::command_secrets::CommandSecret;
use crate::shell::script::{check_name, quoted};
use crate::shell::shell::Shell;
use crate::transport::{PrivilegedScript, SUDO_ASKPASS};

/// How a command is asked to get to another user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Privilege {
    /// Not at all, unless its site or its job says `run_as`.
    #[default]
    None,
    /// It is one simple command, which sudo runs itself.
    Command,
    /// sudo runs a shell for it.
    Shell,
}

/// The options of a command that say who is to run it.
#[derive(Default)]
pub(crate) struct PrivilegeOptions {
    pub(crate) privilege: Privilege,
    /// The user who is to run it.
    pub(crate) user: Option<String>,
    /// Variables that sudo is to keep.
    pub(crate) keep_env: Vec<String>,
}

/// Who runs a command, and how.
pub(crate) enum ResolvedPrivilege {
    /// The login user.
    LoginUser,
    /// Another user: a simple command, behind these words.
    SudoCommand(Vec<u8>),
    /// Another user's shell.
    SudoShell { user: String, options: Vec<u8> },
}

impl PrivilegeOptions {
    /// Decides who runs a command of this shell's, and how. The `kept` variables are to reach the
    /// other user too.
    pub(crate) fn resolve(
        &self,
        shell: &Shell,
        kept: &[&str],
    ) -> Result<ResolvedPrivilege, PrivilegeError> {
        let site = &shell.0.site;
        let named = self.user.as_deref();
        let user = match self.privilege {
            // The login user needs no sudo to be who he is.
            Privilege::None => match named.or(site.run_as.as_deref()) {
                Some(user) if site.user.as_deref() != Some(user) => Some(user),
                _ => return Ok(ResolvedPrivilege::LoginUser),
            },
            Privilege::Command | Privilege::Shell => named,
        };
        let mut options = Vec::new();
        if let Some(user) = user {
            check_user(user)?;
            options.extend_from_slice(b" -u ");
            options.extend(quoted(user.as_bytes()));
        }
        let mut names: Vec<&str> = self.keep_env.iter().map(String::as_str).collect();
        for name in kept {
            if !names.contains(name) {
                names.push(name);
            }
        }
        for name in &names {
            check_name(name)?;
        }
        if !names.is_empty() {
            options.extend(format!(" --preserve-env={}", names.join(",")).into_bytes());
        }
        Ok(match self.privilege {
            Privilege::Command => {
                ResolvedPrivilege::SudoCommand([SUDO_ASKPASS.as_bytes(), &options, b" "].concat())
            }
            Privilege::None | Privilege::Shell => ResolvedPrivilege::SudoShell {
                user: user.unwrap_or("root").to_owned(),
                options,
            },
        })
    }

    /// The command as people are shown it.
    pub(crate) fn shown(&self, resolved: &ResolvedPrivilege, script: &str) -> String {
        match (resolved, &self.user) {
            (ResolvedPrivilege::LoginUser, _) => script.to_owned(),
            (ResolvedPrivilege::SudoCommand(_), None) => format!("sudo {script}"),
            (ResolvedPrivilege::SudoCommand(_), Some(user)) => format!("sudo -u {user} {script}"),
            (ResolvedPrivilege::SudoShell { user, .. }, _) => format!("as {user}: {script}"),
        }
    }
}

impl Shell {
    /// A script of ours for another user, whom `user`, the site or the job names; `None` if the
    /// login user runs it.
    pub(crate) fn privileged(
        &self,
        user: Option<&str>,
        script: impl FnOnce() -> Vec<u8>,
    ) -> Result<Option<PrivilegedScript>, Failure> {
        let options = self.sudo_options(user)?;
        Ok(options.map(|options| PrivilegedScript {
            options: options.into_bytes(),
            shell: "sh".to_owned(),
            input_prefix: String::new(),
            script: script(),
        }))
    }

    /// The options by which sudo gets to the user who is to run what we do ourselves; `None` for
    /// the login user.
    pub(crate) fn sudo_options(&self, user: Option<&str>) -> Result<Option<String>, Failure> {
        let options = PrivilegeOptions {
            user: user.map(str::to_owned),
            ..PrivilegeOptions::default()
        };
        match options.resolve(self, &[]) {
            // They are made of a user's name, which is text.
            Ok(ResolvedPrivilege::SudoShell { options, .. }) => {
                Ok(Some(String::from_utf8_lossy(&options).into_owned()))
            }
            Ok(ResolvedPrivilege::LoginUser | ResolvedPrivilege::SudoCommand(_)) => Ok(None),
            Err(error) => {
                let headline = format!("cannot run anything on {}", self.name());
                Err(Failure::new(Kind::Usage, headline, error.to_string()))
            }
        }
    }
}

/// Refuses a script of which sudo would run only the beginning.
pub(crate) fn check_simple(script: &[u8]) -> Result<(), PrivilegeError> {
    if script.trim_ascii_start().first() == Some(&b'-') {
        return Err(PrivilegeError::SudoOption);
    }
    if is_simple(script) {
        Ok(())
    } else {
        Err(PrivilegeError::NotSimple)
    }
}

/// Refuses secrets that would be written to a log, or that another user could not read.
pub(crate) fn check_secrets(
    resolved: &ResolvedPrivilege,
    secrets: &[CommandSecret],
) -> Result<(), PrivilegeError> {
    let has_file = secrets.iter().any(CommandSecret::is_file);
    match resolved {
        ResolvedPrivilege::SudoCommand(_) if secrets.iter().any(|one| !one.is_file()) => {
            Err(PrivilegeError::SecretInSudoLog)
        }
        ResolvedPrivilege::SudoShell { user, .. } if user != "root" && has_file => {
            let user = user.clone();
            Err(PrivilegeError::UnreadableSecretFile { user })
        }
        _ => Ok(()),
    }
}

/// What ends sudo's options before a command. A variable that is set before it is one of them.
pub(crate) fn end_of_options(script: &[u8]) -> &'static [u8] {
    let first = script.trim_ascii_start();
    let name = first
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
        .count();
    if name > 0 && first.get(name) == Some(&b'=') {
        b""
    } else {
        b"-- "
    }
}

fn check_user(user: &str) -> Result<(), PrivilegeError> {
    if user.is_empty() || user.starts_with('-') || user.contains(['\0', '\n']) {
        return Err(PrivilegeError::UserName(user.to_owned()));
    }
    Ok(())
}
