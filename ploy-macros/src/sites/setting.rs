//! The settings a site can have.

/// What a setting takes.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// A string.
    Text,
    /// A string that ssh or sudo would take for an option if it began with `-`.
    Word,
    /// A port number.
    Port,
    /// A number from 1.
    Count,
    /// A `Duration`.
    Duration,
    /// A `bool`.
    Flag,
    /// A list of roles.
    Roles,
    /// Environment variables.
    Env,
    /// Anything of the user's own.
    Vars,
}

/// All settings, as a user would look for them.
pub(super) const KNOWN: &[&str] = &[
    "host",
    "user",
    "port",
    "identity",
    "config",
    "jump",
    "connect_timeout",
    "path",
    "shell",
    "env",
    "timeout",
    "max_sessions",
    "run_as",
    "password_domain",
    "guarded",
    "roles",
    "vars",
];

impl Kind {
    /// What the setting of this name takes.
    pub(super) fn of(name: &str) -> Self {
        match name {
            "host" | "user" | "jump" | "run_as" => Self::Word,
            "port" => Self::Port,
            "max_sessions" => Self::Count,
            "connect_timeout" | "timeout" => Self::Duration,
            "guarded" => Self::Flag,
            "roles" => Self::Roles,
            "env" => Self::Env,
            "vars" => Self::Vars,
            _ => Self::Text,
        }
    }

    /// In words, after "takes".
    pub(super) fn takes(self) -> &'static str {
        match self {
            Self::Text | Self::Word => "a string",
            Self::Port => "a number from 1 to 65535",
            Self::Count => "a number from 1",
            Self::Duration => "a `Duration`, such as `Duration::from_secs(10)`",
            Self::Flag => "`true` or `false`",
            Self::Roles => "a list of roles: `[\"web\", \"db\"]`",
            Self::Env | Self::Vars => "a table: `{ key: value }`",
        }
    }
}
