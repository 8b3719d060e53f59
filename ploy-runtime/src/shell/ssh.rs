//! How a shell reaches a host by ssh.

use std::path::PathBuf;
use std::time::Duration;

use crate::topology::Settings;

/// How [`Shell::ssh`](super::Shell::ssh) reaches a host. A plain string is the host alone.
///
/// What is not set is as ssh's own configuration says.
///
/// ```no_run
/// # async fn f() -> Result<(), ploy::Error> {
/// use std::time::Duration;
///
/// use ploy::shell::Ssh;
/// use ploy::{Script, Shell};
///
/// let host = Ssh::host("web1.example.com")
///     .user("deploy")
///     .port(2222)
///     .connect_timeout(Duration::from_secs(5));
/// let output = Shell::ssh(host).run(Script::raw("uptime")).await?;
/// println!("{output}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Ssh {
    host: String,
    settings: Settings,
    program: Option<PathBuf>,
}

impl Ssh {
    /// A host, as ssh takes it: a name of `~/.ssh/config`, a domain or an address.
    pub fn host(host: impl Into<String>) -> Self {
        let host = host.into();
        Ssh {
            settings: Settings::new().host(host.as_str()),
            host,
            program: None,
        }
    }

    /// The login name there.
    #[must_use]
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.settings = self.settings.user(user.into());
        self
    }

    /// The port of the ssh server.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.settings = self.settings.port(port);
        self
    }

    /// An ssh configuration file, as `ssh -F` takes it.
    #[must_use]
    pub fn config(mut self, file: impl Into<PathBuf>) -> Self {
        self.settings = self.settings.config(file.into());
        self
    }

    /// A private key file, as `ssh -i` takes it.
    #[must_use]
    pub fn identity(mut self, file: impl Into<PathBuf>) -> Self {
        self.settings = self.settings.identity(file.into());
        self
    }

    /// Hosts to go through, separated by commas, as `ssh -J` takes them.
    #[must_use]
    pub fn jump(mut self, hosts: impl Into<String>) -> Self {
        self.settings = self.settings.jump(hosts.into());
        self
    }

    /// How long connecting may take; 30 s unless set.
    #[must_use]
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.settings = self.settings.connect_timeout(limit);
        self
    }

    /// The program that is run instead of the `ssh` on the PATH.
    #[must_use]
    pub fn program(mut self, program: impl Into<PathBuf>) -> Self {
        self.program = Some(program.into());
        self
    }

    /// The name of the shell, and how it gets there.
    pub(super) fn into_parts(self) -> (String, Settings, Option<PathBuf>) {
        (self.host, self.settings, self.program)
    }
}

impl From<&str> for Ssh {
    fn from(host: &str) -> Self {
        Ssh::host(host)
    }
}

impl From<String> for Ssh {
    fn from(host: String) -> Self {
        Ssh::host(host)
    }
}

impl From<&String> for Ssh {
    fn from(host: &String) -> Self {
        Ssh::host(host)
    }
}
