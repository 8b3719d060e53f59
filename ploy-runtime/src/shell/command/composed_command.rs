//! Puts everything together that runs on the site for a command.

use super::command::CommandOptions;
use crate::error::{Failure, Kind};
use crate::secret::masked;
use crate::shell::command_secrets::{fetch_script, receive_script, send_script};
use crate::shell::script::{Script, push_checked_export};
use crate::shell::shell::Shell;
use crate::shell::sudo::{
    Privilege, PrivilegeError, ResolvedPrivilege, calls_sudo, check_secrets, check_simple,
    end_of_options, sudo_function,
};
use crate::transport::PrivilegedScript;

/// Everything that runs on the site for a command.
pub(crate) struct ComposedCommand {
    /// What is shown of it.
    pub(crate) shown: String,
    /// The program that runs the script.
    pub(crate) shell: String,
    pub(crate) script: Vec<u8>,
    /// What another user's shell runs after the script.
    pub(crate) privileged: Option<PrivilegedScript>,
    /// Whether it may ask for something while it runs.
    pub(crate) can_ask: bool,
    /// Whether sudo runs it, so that the login user cannot kill it.
    pub(crate) is_beyond_reach: bool,
}

impl ComposedCommand {
    pub(crate) fn new(
        shell: &Shell,
        script: &Script,
        options: &CommandOptions,
        path: Option<&str>,
    ) -> Result<Self, Failure> {
        let site = shell.name();
        let shown = options.shown.clone().unwrap_or_else(|| script.to_string());
        let refused = |error: PrivilegeError| {
            let headline = format!("cannot run `{}` on {site}", masked(&shown));
            let failure = Failure::new(Kind::Usage, headline, error.to_string());
            match error.hint() {
                Some(hint) => failure.with_hint(hint),
                None => failure,
            }
        };
        let text = script.text()?;
        // A script in another user's shell sets its variables itself; sudo would drop these.
        let kept: Vec<&str> = match options.privilege.privilege {
            Privilege::Command => {
                let secrets = options.secrets.iter().map(|one| &one.name);
                let variables = options.env.iter().map(|(name, _)| name);
                secrets.chain(variables).map(String::as_str).collect()
            }
            Privilege::None | Privilege::Shell => Vec::new(),
        };
        let resolved = options.privilege.resolve(shell, &kept).map_err(refused)?;
        check_secrets(&resolved, &options.secrets).map_err(refused)?;
        let secrets = fetch_script(&options.secrets).map_err(|error| refused(error.into()))?;
        let mut begin = shell.preamble(path)?;
        for (name, value) in &options.env {
            push_checked_export(&mut begin, name, value).map_err(|error| refused(error.into()))?;
        }
        let shown = options.privilege.shown(&resolved, &shown);
        let program = shell.0.site.shell.as_deref().unwrap_or("sh").to_owned();
        let mut composed = ComposedCommand {
            shown,
            shell: program,
            script: secrets.into_bytes(),
            privileged: None,
            can_ask: !options.secrets.is_empty(),
            is_beyond_reach: false,
        };
        match resolved {
            ResolvedPrivilege::LoginUser => {
                composed.script.extend(begin);
                if calls_sudo(text) {
                    composed.can_ask = true;
                    composed.is_beyond_reach = true;
                    composed.script.extend(sudo_function().into_bytes());
                }
                composed.script.extend_from_slice(text);
            }
            ResolvedPrivilege::SudoCommand(words) => {
                check_simple(text).map_err(refused)?;
                composed.can_ask = true;
                composed.is_beyond_reach = true;
                composed.script.extend(begin);
                composed.script.extend(words);
                composed.script.extend_from_slice(end_of_options(text));
                composed.script.extend_from_slice(text);
            }
            ResolvedPrivilege::SudoShell { options: words, .. } => {
                composed.can_ask = true;
                let mut inner = receive_script(&options.secrets).into_bytes();
                inner.extend(begin);
                inner.extend_from_slice(text);
                // The site's `shell` is for the script, and not for what runs sudo.
                let shell = std::mem::replace(&mut composed.shell, "sh".to_owned());
                composed.privileged = Some(PrivilegedScript {
                    options: words,
                    shell,
                    input_prefix: send_script(&options.secrets),
                    script: inner,
                });
            }
        }
        Ok(composed)
    }
}
