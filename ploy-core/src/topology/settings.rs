//! The settings of a site.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use super::{IntoRoles, IntoSetting};

/// The settings of a site, and the roles that come with them. Every one is optional.
///
/// Each setting has a method of its name that sets it, and [`Site`](super::Site) has them all to
/// read.
///
/// ```
/// use ploy::topology::Settings;
///
/// let settings = Settings::new().roles(["web"]).host("web1.example.com").path("/srv/www").var("keep", 7);
/// assert_eq!(settings.host.as_deref(), Some("web1.example.com"));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Settings {
    /// The host, as ssh takes it: a name of `~/.ssh/config`, a domain or an address. Without it the
    /// site is local.
    pub host: Option<String>,
    /// The login name there.
    pub user: Option<String>,
    /// The port of the ssh server.
    pub port: Option<u16>,
    /// A private key file, as `ssh -i` takes it.
    pub identity: Option<PathBuf>,
    /// An ssh configuration file, as `ssh -F` takes it.
    pub config: Option<PathBuf>,
    /// Hosts to go through, as `ssh -J` takes them.
    pub jump: Option<String>,
    /// How long connecting may take; 30 s unless set.
    pub connect_timeout: Option<Duration>,
    /// The working directory of commands; relative paths on the site hang there.
    pub path: Option<String>,
    /// The shell that runs scripts, by `-c`; `sh` unless set. dash, bash, busybox's and zsh will
    /// do.
    pub shell: Option<String>,
    /// Variables in the environment of every command.
    pub env: Option<BTreeMap<String, String>>,
    /// How long a command may take, without limit unless set; uploads and downloads may take as
    /// long as they need.
    pub timeout: Option<Duration>,
    /// How many commands run over one connection at a time; 8 unless set, as sshd allows 10
    /// (`MaxSessions`). Of sites that share a connection, the smallest number counts.
    pub max_sessions: Option<u32>,
    /// The user who runs the commands, by sudo, and reads and writes files; the login user unless
    /// set. A script that begins with `sudo`, and what is run by `Shell::sudo` and the like, is the
    /// login user's all the same.
    pub run_as: Option<String>,
    /// The name of the domain of the password for sudo: all sites that name the same one share the
    /// password. Without it a site shares it with those of the same user and host.
    pub password_domain: Option<String>,
    /// Whether the site is chosen only when it is named, or a role that only guarded sites carry.
    pub guarded: Option<bool>,
    /// The roles that the site carries, besides its own name.
    pub roles: Vec<String>,
    /// Values of the user's own.
    pub vars: BTreeMap<String, Value>,
}

macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $type:ty,)*) => {
        $($(#[$doc])* #[must_use] pub fn $name(mut self, $name: impl IntoSetting<$type>) -> Self {
            if let Some(value) = $name.into_setting() {
                self.$name = Some(value);
            }
            self
        })*
    };
}

impl Settings {
    /// No settings and no roles.
    pub fn new() -> Self {
        Settings::default()
    }

    setters! {
        /// Sets the host.
        host: String,
        /// Sets the login name.
        user: String,
        /// Sets the port of the ssh server.
        port: u16,
        /// Sets the private key file.
        identity: PathBuf,
        /// Sets the ssh configuration file.
        config: PathBuf,
        /// Sets the hosts to go through, separated by commas.
        jump: String,
        /// Sets how long connecting may take.
        connect_timeout: Duration,
        /// Sets the working directory of commands.
        path: String,
        /// Sets the shell that runs scripts.
        shell: String,
        /// Sets how long a command may take.
        timeout: Duration,
        /// Sets how many commands run over one connection at a time.
        max_sessions: u32,
        /// Sets the user as whom commands run.
        run_as: String,
        /// Sets the name of the shared sudo password.
        password_domain: String,
        /// Sets whether the site must be named to be chosen.
        guarded: bool,
    }

    /// Adds a variable to the environment of every command.
    #[must_use]
    pub fn env(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.env
            .get_or_insert_default()
            .insert(key.into(), value.into());
        self
    }

    /// Adds a value of the user's own.
    #[must_use]
    pub fn var(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.vars.insert(key.into(), value.into());
        self
    }

    /// Adds roles.
    #[must_use]
    pub fn roles(mut self, roles: impl IntoRoles) -> Self {
        self.roles.extend(roles.into_roles());
        self
    }

    /// Lays `other` over these settings: what it sets replaces what is here, each var for itself;
    /// roles add up.
    pub fn extend(&mut self, other: Settings) {
        macro_rules! replace {
            ($($name:ident)*) => { $(if other.$name.is_some() { self.$name = other.$name; })* };
        }
        replace! {
            host user port identity config jump connect_timeout path shell env timeout max_sessions
            run_as password_domain guarded
        }
        self.vars.extend(other.vars);
        for role in other.roles {
            if !self.roles.contains(&role) {
                self.roles.push(role);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_replace_and_roles_add_up() {
        let mut settings = Settings::new()
            .roles(["web"])
            .host("a")
            .env("A", "1")
            .env("B", "2")
            .var("keep", 7)
            .var("x", 1);
        settings.extend(
            Settings::new()
                .roles(["web", "db"])
                .host("b")
                .env("A", "3")
                .var("keep", 8),
        );
        let expected = Settings::new()
            .roles(["web", "db"])
            .host("b")
            .env("A", "3")
            .var("keep", 8)
            .var("x", 1);
        assert_eq!(settings, expected);
    }
}
