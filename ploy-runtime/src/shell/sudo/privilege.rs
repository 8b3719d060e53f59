//! Commands that another user runs, by sudo.

use super::simple_command::is_simple;
use crate::error::{Failure, Kind};
use crate::shell::Shell;
use crate::shell::command_secrets;
use crate::shell::script::quoted;
use crate::topology::check_variable;
use crate::transport::{Privileged, SUDO};

/// How a command gets to another user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Privilege {
    /// It does not, unless its site or its job says `run_as`.
    #[default]
    None,
    /// It is one simple command, which sudo runs itself.
    Command,
    /// sudo runs a shell for it.
    Shell,
}

/// What is asked for, of the options of a command.
#[derive(Default)]
pub(crate) struct Wanted {
    pub(crate) privilege: Privilege,
    /// The user who is to run it.
    pub(crate) user: Option<String>,
    /// Variables that sudo is to keep.
    pub(crate) keep_env: Vec<String>,
}

/// Who runs a command, and how.
pub(crate) enum Way {
    /// The login user.
    Login,
    /// Another user: a simple command, behind these words.
    Sudo(Vec<u8>),
    /// Another user's shell.
    Shell { user: String, options: Vec<u8> },
}

impl Wanted {
    /// The way of a command of this shell's, which `kept` variables are to reach too.
    pub(crate) fn way(&self, shell: &Shell, kept: &[&str]) -> Result<Way, String> {
        let site = &shell.0.site;
        let named = self.user.as_deref();
        let user = match self.privilege {
            // Nobody becomes the user who he is.
            Privilege::None => match named.or(site.run_as.as_deref()) {
                Some(user) if site.user.as_deref() != Some(user) => Some(user),
                _ => return Ok(Way::Login),
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
            check_variable(name)?;
        }
        if !names.is_empty() {
            options.extend(format!(" --preserve-env={}", names.join(",")).into_bytes());
        }
        Ok(match self.privilege {
            Privilege::Command => Way::Sudo([SUDO.as_bytes(), &options, b" "].concat()),
            Privilege::None | Privilege::Shell => Way::Shell {
                user: user.unwrap_or("root").to_owned(),
                options,
            },
        })
    }

    /// The command as people are told of it.
    pub(crate) fn shown(&self, way: &Way, script: &str) -> String {
        match (way, &self.user) {
            (Way::Login, _) => script.to_owned(),
            (Way::Sudo(_), None) => format!("sudo {script}"),
            (Way::Sudo(_), Some(user)) => format!("sudo -u {user} {script}"),
            (Way::Shell { user, .. }, _) => format!("as {user}: {script}"),
        }
    }
}

impl Shell {
    /// What runs a script of ours on the site, by whom `user`, the site or the job says; `None` for the login user.
    pub(crate) fn privileged(
        &self,
        user: Option<&str>,
        script: impl FnOnce() -> Vec<u8>,
    ) -> Result<Option<Privileged>, Failure> {
        let options = self.sudo_options(user)?;
        Ok(options.map(|options| Privileged {
            options: options.into_bytes(),
            shell: "sh".to_owned(),
            ahead: String::new(),
            script: script(),
        }))
    }

    /// The options by which sudo gets to the user who is to run what we do ourselves; `None` for the login user.
    pub(crate) fn sudo_options(&self, user: Option<&str>) -> Result<Option<String>, Failure> {
        let wanted = Wanted {
            user: user.map(str::to_owned),
            ..Wanted::default()
        };
        match wanted.way(self, &[]) {
            // They are made of a user's name, which is text.
            Ok(Way::Shell { options, .. }) => {
                Ok(Some(String::from_utf8_lossy(&options).into_owned()))
            }
            Ok(Way::Login | Way::Sudo(_)) => Ok(None),
            Err(cause) => {
                let headline = format!("cannot run anything on {}", self.name());
                Err(Failure::new(Kind::Usage, headline, cause))
            }
        }
    }
}

/// Defines `sudo` for a script of the user's that calls it: one that may ask us. A call that says itself where its password
/// comes from is left alone.
pub(crate) fn function() -> String {
    format!(
        "sudo() {{ for ploy_a do case $ploy_a in -[ASn]*|-[EHPbklvKV]*[ASn]*|--askpass|--stdin|--non-interactive) command sudo \"$@\"; \
         return ;; -*) ;; *) break ;; esac; done; {SUDO} \"$@\"; }}\n"
    )
}

/// Whether a script may call sudo by its name.
pub(crate) fn calls_sudo(script: &[u8]) -> bool {
    let is_of_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-./".contains(byte);
    memchr::memmem::find_iter(script, b"sudo").any(|at| {
        let before = at.checked_sub(1).and_then(|before| script.get(before));
        let after = script.get(at + 4);
        !before.is_some_and(is_of_word) && !after.is_some_and(is_of_word)
    })
}

/// Refuses what sudo would run only the beginning of.
pub(crate) fn check_simple(script: &[u8]) -> Result<(), (&'static str, &'static str)> {
    if script.trim_ascii_start().first() == Some(&b'-') {
        return Err((
            "it begins with an option of sudo",
            "name another user by `sudo_as`, and kept variables by `keep_env`",
        ));
    }
    if is_simple(script) {
        Ok(())
    } else {
        Err((
            "sudo would run only the first of its commands, and open no file for them",
            "`sudo_sh` has all of it run by another user; `run` with `sudo` before a command only that",
        ))
    }
}

fn check_user(user: &str) -> Result<(), String> {
    if user.is_empty() || user.starts_with('-') || user.contains(['\0', '\n']) {
        return Err(format!("`{user}` is no user's name"));
    }
    Ok(())
}

/// What a command for another user cannot have.
pub(crate) fn check_secrets(
    way: &Way,
    secrets: &[command_secrets::Handed],
) -> Result<(), (String, &'static str)> {
    let has_file = secrets.iter().any(command_secrets::Handed::is_file);
    match way {
        Way::Sudo(_) if secrets.iter().any(|one| !one.is_file()) => Err((
            "sudo writes the variables that it lets through into its log".to_owned(),
            "hand the secret over by the standard input, or have `sudo_sh` run it",
        )),
        Way::Shell { user, .. } if user != "root" && has_file => Err((
            format!("`{user}` could not read the file, which is the login user's"),
            "hand it over by `secret_env`, or by the standard input",
        )),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_of_sudo_is_found() {
        for script in [
            "sudo id",
            "cd /x && sudo -u a id",
            "a|sudo tee b",
            "(sudo x)",
            "\tsudo\n",
        ] {
            assert!(calls_sudo(script.as_bytes()), "{script}");
        }
        for script in [
            "id",
            "pseudo x",
            "sudoedit x",
            "/usr/bin/sudo x",
            "cat /etc/sudo.conf",
            "x-sudo",
        ] {
            assert!(!calls_sudo(script.as_bytes()), "{script}");
        }
    }
}
