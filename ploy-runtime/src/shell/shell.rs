use std::panic::Location;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Failure, Kind};
use crate::secret::Passwords;
use crate::shell::Cancel;
use crate::shell::Detach;
use crate::shell::Emitter;
use crate::shell::IntoCommand;
use crate::shell::IntoScript;
use crate::shell::Run;
use crate::shell::Silent;
use crate::shell::Ssh;
use crate::shell::script::quoted;
use crate::topology::{Settings, Site, check_variable};
use crate::transport::{Pool, Transport};

/// The exit status of a command whose working directory cannot be entered, and what it says besides the shell's own
/// message: a script of the user's may have the status for itself.
pub(super) const NO_DIRECTORY: i32 = 98;
pub(super) const NO_DIRECTORY_MARK: &str = "ploy: the working directory cannot be entered";

/// Where commands run: on one site, locally or over ssh.
///
/// An action has one by `cx.shell()`, and one for this machine by `cx.local()`. A shell of its own, for any tokio
/// program:
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), ploy_runtime::Error> {
/// use ploy_runtime::{Script, Shell};
///
/// let output = Shell::local().run(Script::raw("echo hello")).await?;
/// assert_eq!(output.text(), "hello");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Shell(pub(crate) Arc<Inner>);

#[derive(Clone)]
pub(crate) struct Inner {
    pub(crate) site: Arc<Site>,
    pub(crate) transport: Transport,
    pub(crate) emitter: Arc<dyn Emitter>,
    pub(crate) cancel: Cancel,
    pub(crate) passwords: Passwords,
    /// Whether this is the machine that we run on.
    pub(crate) local: bool,
}

impl Shell {
    /// A shell on this machine, in the current directory.
    pub fn local() -> Self {
        Shell::with("localhost", Settings::new())
    }

    /// A shell on a host, as ssh takes it: a name of `~/.ssh/config`, a domain or an address. Connects with the first
    /// command, and disconnects when the shell and all its copies are gone. An [`Ssh`] has options.
    pub fn ssh(host: impl Into<Ssh>) -> Self {
        let (name, settings, program) = host.into().into_parts();
        Shell::by(&name, settings, program)
    }

    /// A shell with these settings, named `name` in errors.
    pub fn with(name: &str, settings: Settings) -> Self {
        Shell::by(name, settings, None)
    }

    fn by(name: &str, settings: Settings, program: Option<PathBuf>) -> Self {
        let site = Arc::new(Site::new(name.to_owned(), settings));
        let transport = Pool::new(None).transport_with(&site, program);
        let passwords = Passwords::new();
        Shell::new(
            site,
            transport,
            Arc::new(Silent),
            Cancel::never(),
            passwords,
        )
    }

    pub(crate) fn new(
        site: Arc<Site>,
        transport: Transport,
        emitter: Arc<dyn Emitter>,
        cancel: Cancel,
        passwords: Passwords,
    ) -> Self {
        let local = matches!(transport, Transport::Local(_));
        Shell(Arc::new(Inner {
            site,
            transport,
            emitter,
            cancel,
            passwords,
            local,
        }))
    }

    /// A copy with something changed.
    pub(crate) fn changed(&self, change: impl FnOnce(&mut Inner)) -> Self {
        let mut inner = (*self.0).clone();
        change(&mut inner);
        Shell(Arc::new(inner))
    }

    /// Runs a [`Script`](super::Script) or a [`Command`](super::Command) by `sh -c` in the site's `path`, with its `env`; waits for it, and captures the end of its output.
    ///
    /// Nothing happens until the returned [`Run`] is awaited, which has options. Awaiting it fails
    /// - with [`Kind::Command`](crate::Kind::Command) if the exit status is not 0,
    /// - with a kind that [is unreachable](crate::Kind::is_unreachable) if the site is,
    /// - with [`Kind::Timeout`](crate::Kind::Timeout) or [`Kind::Cancelled`](crate::Kind::Cancelled) if it was ended,
    /// - with [`Kind::Usage`](crate::Kind::Usage) if a value cannot stand where the script has it.
    #[track_caller]
    pub fn run(&self, command: impl IntoCommand) -> Run {
        Run::new(self.clone(), command.into_command(), Location::caller())
    }

    /// Starts a service: a script that goes on when the action, the run and the connection have ended, and that no
    /// cancel reaches.
    ///
    /// Nothing happens until the returned [`Detach`] is awaited, which has options.
    #[track_caller]
    pub fn detach(&self, script: impl IntoScript) -> Detach {
        Detach::new(self.clone(), script.into_script(), Location::caller())
    }

    /// The name of the site, as messages have it.
    pub(crate) fn name(&self) -> &str {
        self.0.site.name()
    }

    /// A relative path on the site, as it hangs under the site's `path`.
    pub(crate) fn resolve(&self, path: &str) -> String {
        match &self.0.site.path {
            Some(base) if !path.starts_with('/') && !path.starts_with("~/") && path != "~" => {
                if path.is_empty() {
                    base.clone()
                } else {
                    format!("{}/{path}", base.trim_end_matches('/'))
                }
            }
            _ => path.to_owned(),
        }
    }

    /// The working directory of a command: `cwd` if given, else the site's `path`.
    pub(crate) fn directory(&self, cwd: Option<&str>) -> Option<String> {
        cwd.map(|cwd| self.resolve(cwd))
            .or_else(|| self.0.site.path.clone())
    }

    /// What the shell runs before each script: to the working directory, and the site's `env`.
    pub(crate) fn preamble(&self, directory: Option<&str>) -> Result<Vec<u8>, Failure> {
        let mut script = Vec::new();
        if let Some(path) = directory {
            script.extend_from_slice(b"cd -- ");
            script.extend(quoted_path(path));
            script.extend(
                format!(" || {{ echo '{NO_DIRECTORY_MARK}' >&2; exit {NO_DIRECTORY}; }}\n")
                    .into_bytes(),
            );
        }
        for (key, value) in self.0.site.env.iter().flatten() {
            check_variable(key).map_err(|message| {
                Failure::new(
                    Kind::Usage,
                    format!("cannot run anything on {}", self.name()),
                    message,
                )
            })?;
            script.extend_from_slice(format!("export {key}=").as_bytes());
            script.extend(quoted(value.as_bytes()));
            script.push(b'\n');
        }
        Ok(script)
    }

    /// A path on this machine: relative ones hang on the current directory.
    pub(crate) fn local_path(path: &Path) -> PathBuf {
        std::env::current_dir().map_or_else(|_| path.to_owned(), |current| current.join(path))
    }
}

/// A path quoted for the shell, but for a leading `~/`, which is the login directory.
pub(crate) fn quoted_path(path: &str) -> Vec<u8> {
    match path.strip_prefix("~/") {
        Some(rest) => [b"\"$HOME\"/".to_vec(), quoted(rest.as_bytes())].concat(),
        None if path == "~" => b"\"$HOME\"".to_vec(),
        None => quoted(path.as_bytes()),
    }
}
