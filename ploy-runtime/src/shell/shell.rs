//! Where commands run: a site, how scripts reach it, and who hears of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cancel::Cancel;
use super::emitter::{Emitter, SilentEmitter};
use super::script::{check_name, push_export, quoted_path};
use super::ssh::Ssh;
use crate::error::{Failure, Kind};
use crate::secret::Passwords;
use crate::topology::{Settings, Site};
use crate::transport::{ConnectionPool, Transport};

/// The exit status of a command whose working directory cannot be entered. It also prints
/// [`NO_DIRECTORY_MARK`], because a user's script may exit with the same status.
pub(super) const NO_DIRECTORY: i32 = 98;
pub(super) const NO_DIRECTORY_MARK: &str = "ploy: the working directory cannot be entered";

/// Where commands run: on one site, locally or over ssh.
///
/// An action has one by `cx.shell()`, and one for this machine by `cx.local()`. A shell of its own,
/// for any tokio program:
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), ploy::Error> {
/// use ploy::{Script, Shell};
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
    pub(crate) is_local: bool,
}

impl Shell {
    /// A shell on this machine, in the current directory.
    pub fn local() -> Self {
        Shell::with("localhost", Settings::new())
    }

    /// A shell on a host, as ssh takes it: a name of `~/.ssh/config`, a domain or an address.
    /// Connects with the first command, and disconnects when the shell and all its copies are gone.
    /// An [`Ssh`] has options.
    pub fn ssh(host: impl Into<Ssh>) -> Self {
        let (name, settings, program) = host.into().into_parts();
        Shell::with_program(&name, settings, program)
    }

    /// A shell with these settings, named `name` in errors.
    pub fn with(name: &str, settings: Settings) -> Self {
        Shell::with_program(name, settings, None)
    }

    fn with_program(name: &str, settings: Settings, program: Option<PathBuf>) -> Self {
        let site = Arc::new(Site::new(name.to_owned(), settings));
        let transport = ConnectionPool::new(None).transport_with(&site, program);
        let passwords = Passwords::new();
        Shell::new(
            site,
            transport,
            Arc::new(SilentEmitter),
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
        let is_local = matches!(transport, Transport::Local(_));
        Shell(Arc::new(Inner {
            site,
            transport,
            emitter,
            cancel,
            passwords,
            is_local,
        }))
    }

    /// The same shell for a site with other settings. Its connection is that of the site it had.
    #[doc(hidden)]
    pub fn with_site(&self, site: Site) -> Self {
        self.changed(|inner| inner.site = Arc::new(site))
    }

    /// A copy with something changed.
    pub(crate) fn changed(&self, change: impl FnOnce(&mut Inner)) -> Self {
        let mut inner = (*self.0).clone();
        change(&mut inner);
        Shell(Arc::new(inner))
    }

    /// The name of the site, as messages have it.
    pub(crate) fn name(&self) -> &str {
        self.0.site.name()
    }

    /// A path on the site: a relative one is resolved against the site's `path`.
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

    /// What runs before each script: enters the working directory, and sets the site's `env`.
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
        for (name, value) in self.0.site.env.iter().flatten() {
            check_name(name).map_err(|error| {
                let headline = format!("cannot run anything on {}", self.name());
                Failure::new(Kind::Usage, headline, error.to_string())
            })?;
            push_export(&mut script, name, value.as_bytes());
        }
        Ok(script)
    }

    /// A path on this machine: a relative one is resolved against the current directory.
    pub(crate) fn local_path(path: &Path) -> PathBuf {
        std::env::current_dir().map_or_else(|_| path.to_owned(), |current| current.join(path))
    }
}
