//! The settings of a site, from values of JSON.

use std::path::PathBuf;
use std::time::Duration;

use ploy_syntax::setting::{Setting, TextError};
use serde_json::Value;

use super::problems::ImportProblems;
use crate::error::did_you_mean;
use crate::topology::Settings;
use crate::topology::check_variable;
use crate::topology::describe;

const PORT: &str = "a number from 1 to 65535";
const COUNT: &str = "a number from 1";
const DURATION: &str = "a duration such as \"30s\" or \"1m 30s\", or a number of seconds from 0";
const ROLES: &str = "a list of names";

/// Reads the settings of one site. A value that is wrong is a problem, and leaves its setting
/// unset.
pub(super) struct SettingReader<'a> {
    /// The site, as the text names it.
    pub(super) site: &'a str,
    pub(super) problems: &'a mut ImportProblems,
}

impl SettingReader<'_> {
    /// Sets one setting, as the text has it: `{name}` is still in it.
    pub(super) fn set(&mut self, settings: &mut Settings, key: &str, value: &Value) {
        let Some(setting) = Setting::from_name(key) else {
            self.unknown(key, value);
            return;
        };
        if value.is_null() {
            return;
        }
        match setting {
            Setting::Host => settings.host = self.text(setting, value),
            Setting::User => settings.user = self.text(setting, value),
            Setting::Port => settings.port = self.number(setting, value, PORT),
            Setting::Identity => settings.identity = self.text(setting, value).map(PathBuf::from),
            Setting::Config => settings.config = self.text(setting, value).map(PathBuf::from),
            Setting::Jump => settings.jump = self.text(setting, value),
            Setting::ConnectTimeout => settings.connect_timeout = self.duration(setting, value),
            Setting::Path => settings.path = self.text(setting, value),
            Setting::Shell => settings.shell = self.text(setting, value),
            Setting::Env => self.env(settings, value),
            Setting::Timeout => settings.timeout = self.duration(setting, value),
            Setting::MaxSessions => settings.max_sessions = self.number(setting, value, COUNT),
            Setting::RunAs => settings.run_as = self.text(setting, value),
            Setting::PasswordDomain => settings.password_domain = self.text(setting, value),
            Setting::Guarded => settings.guarded = self.flag(setting, value),
            Setting::Roles => self.roles(settings, value),
            Setting::Vars => self.vars(settings, value),
        }
    }

    fn unknown(&mut self, key: &str, value: &Value) {
        let site = self.site;
        let message = format!(
            "site `{site}` has a setting `{}`, which does not exist",
            key.escape_debug()
        );
        self.problems.add_with(message, || {
            let or = || {
                let vars = "anything of your own goes under `vars`";
                if value.is_object() {
                    format!("{vars}; in TOML a name with a dot is quoted: `[\"{site}.{key}\"]`")
                } else {
                    vars.to_owned()
                }
            };
            Some(did_you_mean(key, Setting::NAMES).unwrap_or_else(or))
        });
    }

    /// A value of the wrong type.
    fn wrong_type(&mut self, key: &str, value: &Value, takes: &str) {
        self.wrong(key, describe(value), takes);
    }

    fn wrong(&mut self, key: &str, is: &str, takes: &str) {
        let site = self.site;
        self.problems.add(format!(
            "`{key}` of site `{site}` is {is}, and takes {takes}"
        ));
    }

    fn refuse(&mut self, key: &str, why: &str) {
        let site = self.site;
        self.problems.add(format!("`{key}` of site `{site}` {why}"));
    }

    /// A string, checked as the setting's kind asks.
    fn text(&mut self, setting: Setting, value: &Value) -> Option<String> {
        let Value::String(text) = value else {
            self.wrong_type(setting.name(), value, "a string");
            return None;
        };
        let why = match setting.kind().check_text(text) {
            Ok(()) => return Some(text.clone()),
            Err(TextError::Empty) => "is empty; leave it out if the site has none",
            Err(TextError::Nul) => "holds a NUL character",
            Err(TextError::Dash) => "begins with `-`, which would be taken for an option",
            Err(TextError::Blank) => "holds a blank or a control character",
            Err(TextError::Brace) => "holds a brace; the only placeholder is `{name}`",
        };
        self.refuse(setting.name(), why);
        None
    }

    fn number<T: TryFrom<u64> + Default + PartialEq>(
        &mut self,
        setting: Setting,
        value: &Value,
        takes: &str,
    ) -> Option<T> {
        let key = setting.name();
        let Value::Number(number) = value else {
            self.wrong_type(key, value, takes);
            return None;
        };
        let fits = number
            .as_u64()
            .and_then(|number| T::try_from(number).ok())
            .filter(|number| *number != T::default());
        if fits.is_none() {
            self.wrong(key, &number.to_string(), takes);
        }
        fits
    }

    fn flag(&mut self, setting: Setting, value: &Value) -> Option<bool> {
        let flag = value.as_bool();
        if flag.is_none() {
            self.wrong_type(setting.name(), value, "`true` or `false`");
        }
        flag
    }

    fn duration(&mut self, setting: Setting, value: &Value) -> Option<Duration> {
        let key = setting.name();
        let duration = match value {
            Value::String(text) => humantime::parse_duration(text).ok(),
            Value::Number(number) => number.as_u64().map(Duration::from_secs).or_else(|| {
                number
                    .as_f64()
                    .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
            }),
            _ => {
                self.wrong_type(key, value, DURATION);
                return None;
            }
        };
        if duration.is_none() {
            // As JSON, so that a string is quoted and stays on its line.
            self.wrong(key, &value.to_string(), DURATION);
        }
        duration
    }

    fn env(&mut self, settings: &mut Settings, value: &Value) {
        let Value::Object(variables) = value else {
            self.wrong_type("env", value, "a table of strings");
            return;
        };
        let env = settings.env.get_or_insert_default();
        for (name, value) in variables {
            if let Err(message) = check_variable(name) {
                let site = self.site;
                self.problems
                    .add(format!("{message}, in the `env` of site `{site}`"));
                continue;
            }
            let key = format!("env.{name}");
            match value {
                Value::String(text) if text.contains('\0') => {
                    self.refuse(&key, "holds a NUL character");
                }
                Value::String(text) => {
                    env.insert(name.clone(), text.clone());
                }
                other => self.wrong_type(&key, other, "a string"),
            }
        }
    }

    fn roles(&mut self, settings: &mut Settings, value: &Value) {
        let Value::Array(roles) = value else {
            self.wrong_type("roles", value, ROLES);
            return;
        };
        for role in roles {
            match role {
                Value::String(role) => settings.roles.push(role.clone()),
                other => {
                    let is = format!("a list that holds {}", describe(other));
                    self.wrong("roles", &is, ROLES);
                }
            }
        }
    }

    fn vars(&mut self, settings: &mut Settings, value: &Value) {
        let Value::Object(vars) = value else {
            self.wrong_type("vars", value, "a table");
            return;
        };
        if vars.contains_key("") {
            self.refuse("vars", "holds a value whose name is empty");
        }
        settings.vars.extend(vars.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_setting_is_read() {
        for key in Setting::NAMES {
            let mut problems = ImportProblems::default();
            let mut reader = SettingReader {
                site: "x",
                problems: &mut problems,
            };
            // What none of them takes.
            reader.set(&mut Settings::new(), key, &Value::from(-1.5));
            let message = format!("{:?}", problems.finish("x").unwrap_err());
            assert!(message.contains("and takes"), "{key}: {message}");
        }
    }
}
