//! Where an ssh connection leads, and how ssh is told to get there.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::config_fingerprint::ConfigFingerprint;
use super::socket_dir::SlotKey;
use crate::topology::Settings;

/// What tells one ssh connection from another. Sites with the same destination share a connection.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Destination {
    /// The host, as ssh is told.
    pub host: String,
    user: Option<String>,
    port: Option<u16>,
    identity: Option<PathBuf>,
    config: Option<PathBuf>,
    jump: Option<String>,
    /// How long connecting may take; as ssh does, unless set.
    pub connect_timeout: Option<Duration>,
    /// The program that is run instead of `ssh`.
    program: Option<PathBuf>,
}

impl Destination {
    /// The destination of a site; `None` if it is local. `program` is run instead of `ssh`, if
    /// given.
    pub fn of(settings: &Settings, program: Option<PathBuf>) -> Option<Self> {
        Some(Destination {
            host: settings.host.clone()?,
            user: settings.user.clone(),
            port: settings.port,
            identity: settings.identity.clone(),
            config: settings.config.clone(),
            jump: settings.jump.clone(),
            connect_timeout: settings.connect_timeout,
            program,
        })
    }

    /// The `ssh` that leads there.
    pub fn program(&self) -> &Path {
        self.program.as_deref().unwrap_or(Path::new("ssh"))
    }

    /// The key of the slot in which a connection to this destination is kept, as long as ssh's
    /// configuration has this fingerprint.
    pub(crate) fn slot_key(&self, fingerprint: ConfigFingerprint) -> SlotKey {
        // The current folder is part of a relative path's meaning.
        let absolute =
            |path: &Option<PathBuf>| path.as_ref().map(|path| std::path::absolute(path).ok());
        let mut hasher = DefaultHasher::new();
        (&self.host, &self.user, self.port, &self.jump).hash(&mut hasher);
        (
            absolute(&self.identity),
            absolute(&self.config),
            &self.program,
        )
            .hash(&mut hasher);
        fingerprint.hash(&mut hasher);
        SlotKey(hasher.finish())
    }

    /// The configuration file that ssh is told to read, if the site names one.
    pub(crate) fn config(&self) -> Option<&Path> {
        self.config.as_deref()
    }

    /// The options for an `ssh` that nobody sits at; the host comes after them, behind `--`.
    ///
    /// Everything else, such as keys, agents and the policy on host keys, is the user's own
    /// configuration. ssh never asks for anything: nobody could tell which of many sites is asking.
    pub fn arguments(&self) -> Vec<String> {
        let mut arguments: Vec<String> = vec!["-T".into(), "-o".into(), "BatchMode=yes".into()];
        arguments.extend(self.location_options());
        arguments.extend(self.timeout_options());
        arguments
    }

    /// The options for a person's `ssh`, which may ask for something.
    pub fn arguments_for_person(&self) -> Vec<String> {
        let mut arguments = self.location_options();
        arguments.extend(self.timeout_options());
        arguments
    }

    fn timeout_options(&self) -> Vec<String> {
        let Some(timeout) = self.connect_timeout else {
            return Vec::new();
        };
        let seconds = timeout.as_secs().max(1);
        vec!["-o".to_owned(), format!("ConnectTimeout={seconds}")]
    }

    /// The command line by which a person connects to this destination.
    pub(crate) fn shell_command(&self) -> String {
        let mut words = vec![self.program().to_string_lossy().into_owned()];
        words.extend(self.location_options());
        words.push(self.host.clone());
        let quoted = words.iter().map(|text| quote_for_person(text));
        quoted.collect::<Vec<_>>().join(" ")
    }

    /// The options that say where the destination is.
    fn location_options(&self) -> Vec<String> {
        let mut arguments = Vec::new();
        let mut push = |option: &str, value: String| arguments.extend([option.to_owned(), value]);
        if let Some(config) = &self.config {
            push("-F", config.to_string_lossy().into_owned());
        }
        if let Some(user) = &self.user {
            push("-l", user.clone());
        }
        if let Some(port) = self.port {
            push("-p", port.to_string());
        }
        if let Some(identity) = &self.identity {
            push("-i", identity.to_string_lossy().into_owned());
        }
        if let Some(jump) = &self.jump {
            push("-J", jump.clone());
        }
        arguments
    }
}

/// Quotes one word of a command line for a person.
pub(crate) fn quote_for_person(text: &str) -> String {
    // Only a NUL byte cannot be quoted, and no setting has one.
    shlex::try_quote(text).unwrap_or_default().into_owned()
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(user) = &self.user {
            write!(f, "{user}@")?;
        }
        f.write_str(&self.host)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        Ok(())
    }
}
