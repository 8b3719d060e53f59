use super::command::CommandOptions;
use super::pending_command::export;
use crate::error::{Failure, Kind};
use crate::secret::masked;
use crate::shell::Script;
use crate::shell::Shell;
use crate::shell::command_secrets;
use crate::shell::sudo::Privilege;
use crate::shell::sudo::Way;
use crate::shell::sudo::calls_sudo;
use crate::shell::sudo::check_secrets;
use crate::shell::sudo::check_simple;
use crate::shell::sudo::end_of_options;
use crate::shell::sudo::function;
use crate::transport::Privileged;

/// All that runs on the site for a command, put together.
pub(crate) struct Composed {
    /// What is told to be run.
    pub(crate) shown: String,
    /// The program that runs the script.
    pub(crate) shell: String,
    pub(crate) script: Vec<u8>,
    /// What another user's shell runs then.
    pub(crate) privileged: Option<Privileged>,
    pub(crate) asks: bool,
    /// Whether sudo runs it, so that the login user cannot kill it.
    pub(crate) is_beyond_reach: bool,
}

impl Composed {
    pub(crate) fn new(
        shell: &Shell,
        script: &Script,
        options: &CommandOptions,
        path: Option<&str>,
    ) -> Result<Self, Failure> {
        let site = shell.name();
        let shown = options.shown.clone().unwrap_or_else(|| script.to_string());
        let refused = |cause: String| {
            let headline = format!("cannot run `{}` on {site}", masked(&shown));
            Failure::new(Kind::Usage, headline, cause)
        };
        let text = script.text()?;
        // Another user's shell sets them itself.
        let kept: Vec<&str> = match options.wanted.privilege {
            Privilege::Command => {
                let secrets = options.secrets.iter().map(|one| &one.name);
                let variables = options.env.iter().map(|(name, _)| name);
                secrets.chain(variables).map(String::as_str).collect()
            }
            Privilege::None | Privilege::Shell => Vec::new(),
        };
        let way = options.wanted.way(shell, &kept).map_err(refused)?;
        check_secrets(&way, &options.secrets)
            .map_err(|(cause, hint)| refused(cause).with_hint(hint))?;
        let secrets = command_secrets::script(&options.secrets).map_err(refused)?;
        let mut begin = shell.preamble(path)?;
        for (name, value) in &options.env {
            export(&mut begin, name, value).map_err(refused)?;
        }
        let shown = options.wanted.shown(&way, &shown);
        let program = shell.0.site.shell.as_deref().unwrap_or("sh").to_owned();
        let mut composed = Composed {
            shown,
            shell: program,
            script: secrets.into_bytes(),
            privileged: None,
            asks: !options.secrets.is_empty(),
            is_beyond_reach: false,
        };
        match way {
            Way::Login => {
                composed.script.extend(begin);
                if calls_sudo(text) {
                    composed.asks = true;
                    composed.is_beyond_reach = true;
                    composed.script.extend(function().into_bytes());
                }
                composed.script.extend_from_slice(text);
            }
            Way::Sudo(words) => {
                check_simple(text)
                    .map_err(|(cause, hint)| refused(cause.to_owned()).with_hint(hint))?;
                composed.asks = true;
                composed.is_beyond_reach = true;
                composed.script.extend(begin);
                composed.script.extend(words);
                composed.script.extend_from_slice(end_of_options(text));
                composed.script.extend_from_slice(text);
            }
            Way::Shell { options: words, .. } => {
                composed.asks = true;
                let mut inner = command_secrets::taken(&options.secrets).into_bytes();
                inner.extend(begin);
                inner.extend_from_slice(text);
                // The shell that the site wants is for the script, and not for what runs it.
                let shell = std::mem::replace(&mut composed.shell, "sh".to_owned());
                composed.privileged = Some(Privileged {
                    options: words,
                    shell,
                    ahead: command_secrets::ahead(&options.secrets),
                    script: inner,
                });
            }
        }
        Ok(composed)
    }
}
