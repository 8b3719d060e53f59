//! The settings of a site.

use std::fmt;

/// In the text of a setting, it stands for the name of the site.
pub const NAME_PLACEHOLDER: &str = "{name}";

/// A setting of a site. Whoever reads settings matches on it, so that the compiler asks for a new
/// one everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Setting {
    /// `host`: where ssh connects to. Without it, the site is local.
    Host,
    /// `user`: who logs in.
    User,
    /// `port`: that of the ssh server.
    Port,
    /// `identity`: the file of a private key.
    Identity,
    /// `config`: another configuration file for ssh.
    Config,
    /// `jump`: the hosts between here and there.
    Jump,
    /// `connect_timeout`: how long a connection may take to be made.
    ConnectTimeout,
    /// `path`: the working directory.
    Path,
    /// `shell`: what runs scripts.
    Shell,
    /// `env`: environment variables.
    Env,
    /// `timeout`: how long a command may take.
    Timeout,
    /// `max_sessions`: how many sessions one connection may carry.
    MaxSessions,
    /// `run_as`: the user that commands run as.
    RunAs,
    /// `password_domain`: sites of one domain have the same sudo password.
    PasswordDomain,
    /// `guarded`: the site is chosen only where it is named.
    Guarded,
    /// `roles`: the roles that the site carries.
    Roles,
    /// `vars`: values of the user's own.
    Vars,
}

/// What a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingKind {
    /// A string.
    Text,
    /// A string that names a file.
    Path,
    /// A string that ssh or sudo would take for an option if it began with `-`.
    Word,
    /// A port number.
    Port,
    /// A number from 1.
    Count,
    /// A duration.
    Duration,
    /// `true` or `false`.
    Flag,
    /// A list of roles.
    Roles,
    /// A table of environment variables.
    Env,
    /// A table of the user's own values.
    Vars,
}

impl Setting {
    /// All settings, in the order in which a user would look for them.
    pub const ALL: [Setting; 17] = [
        Setting::Host,
        Setting::User,
        Setting::Port,
        Setting::Identity,
        Setting::Config,
        Setting::Jump,
        Setting::ConnectTimeout,
        Setting::Path,
        Setting::Shell,
        Setting::Env,
        Setting::Timeout,
        Setting::MaxSessions,
        Setting::RunAs,
        Setting::PasswordDomain,
        Setting::Guarded,
        Setting::Roles,
        Setting::Vars,
    ];

    /// The names of all settings, in the same order.
    pub const NAMES: [&'static str; Self::ALL.len()] = {
        let mut names = [""; Self::ALL.len()];
        let mut index = 0;
        while index < names.len() {
            names[index] = Self::ALL[index].name();
            index += 1;
        }
        names
    };

    /// The setting of this name.
    pub fn from_name(name: &str) -> Option<Setting> {
        Self::ALL.into_iter().find(|setting| setting.name() == name)
    }

    /// How it is written: in `sites!`, in files, and as the method of the runtime's `Settings`.
    pub const fn name(self) -> &'static str {
        match self {
            Setting::Host => "host",
            Setting::User => "user",
            Setting::Port => "port",
            Setting::Identity => "identity",
            Setting::Config => "config",
            Setting::Jump => "jump",
            Setting::ConnectTimeout => "connect_timeout",
            Setting::Path => "path",
            Setting::Shell => "shell",
            Setting::Env => "env",
            Setting::Timeout => "timeout",
            Setting::MaxSessions => "max_sessions",
            Setting::RunAs => "run_as",
            Setting::PasswordDomain => "password_domain",
            Setting::Guarded => "guarded",
            Setting::Roles => "roles",
            Setting::Vars => "vars",
        }
    }

    /// What it takes.
    pub const fn kind(self) -> SettingKind {
        match self {
            Setting::Host | Setting::User | Setting::Jump | Setting::RunAs => SettingKind::Word,
            Setting::Path | Setting::Shell | Setting::PasswordDomain => SettingKind::Text,
            Setting::Identity | Setting::Config => SettingKind::Path,
            Setting::Port => SettingKind::Port,
            Setting::MaxSessions => SettingKind::Count,
            Setting::ConnectTimeout | Setting::Timeout => SettingKind::Duration,
            Setting::Guarded => SettingKind::Flag,
            Setting::Roles => SettingKind::Roles,
            Setting::Env => SettingKind::Env,
            Setting::Vars => SettingKind::Vars,
        }
    }
}

/// Why a text is none for its setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextError {
    /// It is empty.
    Empty,
    /// It holds a NUL character, which no argument of a program can.
    Nul,
    /// A word begins with `-`.
    Dash,
    /// A word holds a blank or a control character.
    Blank,
    /// A word holds a brace that is not part of [`NAME_PLACEHOLDER`].
    Brace,
}

impl SettingKind {
    /// Checks a text for a setting of this kind. Of kinds that take no text, all are right.
    ///
    /// # Errors
    ///
    /// The first rule that it breaks.
    pub fn check_text(self, text: &str) -> Result<(), TextError> {
        if !matches!(
            self,
            SettingKind::Text | SettingKind::Path | SettingKind::Word
        ) {
            return Ok(());
        }
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        if text.contains('\0') {
            return Err(TextError::Nul);
        }
        if self != SettingKind::Word {
            return Ok(());
        }
        if text.starts_with('-') {
            return Err(TextError::Dash);
        }
        if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(TextError::Blank);
        }
        if text.replace(NAME_PLACEHOLDER, "").contains(['{', '}']) {
            return Err(TextError::Brace);
        }
        Ok(())
    }
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TextError::Empty => "the text is empty",
            TextError::Nul => "the text holds a NUL character",
            TextError::Dash => "the text begins with `-`",
            TextError::Blank => "the text holds a blank or a control character",
            TextError::Brace => "the text holds a brace",
        })
    }
}

impl std::error::Error for TextError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_found_by_its_name() {
        for setting in Setting::ALL {
            assert_eq!(Setting::from_name(setting.name()), Some(setting));
        }
        assert_eq!(Setting::from_name("hots"), None);
        assert_eq!(Setting::NAMES[0], "host");
        let mut names = Setting::NAMES.to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Setting::ALL.len());
    }

    #[test]
    fn words_are_stricter_than_text() {
        let word = Setting::Host.kind();
        let text = Setting::Path.kind();
        for (bad, error) in [
            ("-oProxyCommand=x", TextError::Dash),
            ("a b", TextError::Blank),
            ("a\u{1b}b", TextError::Blank),
            ("{host}", TextError::Brace),
        ] {
            assert_eq!(word.check_text(bad), Err(error), "{bad:?}");
            assert_eq!(text.check_text(bad), Ok(()), "{bad:?}");
        }
        for (bad, error) in [("", TextError::Empty), ("a\0", TextError::Nul)] {
            for kind in [word, text, Setting::Identity.kind()] {
                assert_eq!(kind.check_text(bad), Err(error), "{bad:?}");
            }
        }
        assert_eq!(word.check_text("{name}.example.com"), Ok(()));
        assert_eq!(Setting::Vars.kind().check_text(""), Ok(()));
    }
}
