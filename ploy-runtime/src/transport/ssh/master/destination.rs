use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::topology::Settings;

/// What tells one ssh connection from another. Sites of one destination share its connection.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Destination {
    pub(crate) host: String,
    user: Option<String>,
    port: Option<u16>,
    identity: Option<PathBuf>,
    config: Option<PathBuf>,
    jump: Option<String>,
    pub(crate) connect_timeout: Option<Duration>,
    /// What is run instead of `ssh`.
    program: Option<PathBuf>,
}

impl Destination {
    /// The destination of a site; `None` if it is local. `program` is run instead of `ssh`, if given.
    pub(crate) fn of(settings: &Settings, program: Option<PathBuf>) -> Option<Self> {
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
    pub(crate) fn program(&self) -> &Path {
        self.program.as_deref().unwrap_or(Path::new("ssh"))
    }

    /// What a kept connection to there is known by, while ssh's configuration says what `fingerprint` stands for.
    pub(crate) fn key(&self, fingerprint: u64) -> u64 {
        // Of what is relative to the current folder, the whole path counts.
        let whole =
            |path: &Option<PathBuf>| path.as_ref().map(|path| std::path::absolute(path).ok());
        let mut hasher = DefaultHasher::new();
        (&self.host, &self.user, self.port, &self.jump).hash(&mut hasher);
        (whole(&self.identity), whole(&self.config), &self.program).hash(&mut hasher);
        fingerprint.hash(&mut hasher);
        hasher.finish()
    }

    /// The configuration file that ssh is told to read, if it is one of its own.
    pub(crate) fn config(&self) -> Option<&Path> {
        self.config.as_deref()
    }

    /// The options of `ssh` that lead there; the host comes after them, behind `--`.
    ///
    /// Everything else, such as keys, agents and the policy on host keys, is the user's own configuration. ssh never
    /// asks for anything: nobody could tell which of many sites is asking.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let mut arguments: Vec<String> = vec!["-T".into(), "-o".into(), "BatchMode=yes".into()];
        arguments.extend(self.way());
        arguments.extend(self.timeout());
        arguments
    }

    /// The options by which a person gets there: ssh may ask, since there is somebody to answer.
    #[cfg(feature = "cli")]
    pub(crate) fn arguments_for_person(&self) -> Vec<String> {
        let mut arguments = self.way();
        arguments.extend(self.timeout());
        arguments
    }

    fn timeout(&self) -> Vec<String> {
        let Some(timeout) = self.connect_timeout else {
            return Vec::new();
        };
        let seconds = timeout.as_secs().max(1);
        vec!["-o".to_owned(), format!("ConnectTimeout={seconds}")]
    }

    /// The command by which a person connects there.
    pub(crate) fn by_hand(&self) -> String {
        let mut words = vec![self.program().to_string_lossy().into_owned()];
        words.extend(self.way());
        words.push(self.host.clone());
        let quoted = words.iter().map(|text| word(text));
        quoted.collect::<Vec<_>>().join(" ")
    }

    /// The options that say where it is.
    fn way(&self) -> Vec<String> {
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

/// One word of a command line for a person.
pub(crate) fn word(text: &str) -> String {
    // Only a NUL byte cannot be quoted, and none of these has one.
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
