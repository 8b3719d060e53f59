//! A site.

use std::ops::Deref;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Settings;
use crate::error::{Failure, Kind, did_you_mean};

/// A named place where a shell can run. Dereferences to its [`Settings`].
#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    name: String,
    settings: Settings,
}

impl Site {
    /// The same site, whose commands another user runs.
    #[doc(hidden)]
    pub fn run_by(&self, user: &str) -> Self {
        let settings = self.settings().clone().run_as(user);
        Site::new(self.name().to_owned(), settings)
    }

    #[doc(hidden)]
    pub fn new(name: String, settings: Settings) -> Self {
        Site { name, settings }
    }

    #[doc(hidden)]
    pub fn settings_mut(&mut self) -> &mut Settings {
        &mut self.settings
    }

    /// The name, which is also a role of this site.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// All settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whether commands run on this machine: the site has no host.
    pub fn is_local(&self) -> bool {
        self.settings.host.is_none()
    }

    /// Whether the site carries the role, or is named so.
    pub fn has_role(&self, role: &str) -> bool {
        self.name == role || self.settings.roles.iter().any(|own| own == role)
    }

    /// Whether it is chosen only if it is named.
    #[doc(hidden)]
    pub fn is_guarded(&self) -> bool {
        self.settings.guarded == Some(true)
    }

    /// The value of the user's own under `key`, as a `T`.
    ///
    /// # Errors
    ///
    /// [`Kind::Usage`] if the site has no such value, or it is not a `T`; the message names site,
    /// key and type.
    pub fn var<T: DeserializeOwned>(&self, key: &str) -> Result<T, Failure> {
        match self.get_var(key)? {
            Some(value) => Ok(value),
            None => {
                let failure = Failure::new(
                    Kind::Usage,
                    format!("site `{}` has no var `{key}`", self.name),
                    format!("the job asks for it as {}", short_type::<T>()),
                );
                Err(failure.with_hint(did_you_mean(key, self.settings.vars.keys().map(String::as_str)).unwrap_or_else(
                    || format!("add `vars: {{ {key}: .. }}` to the site, or to its roles by `update`"),
                )))
            }
        }
    }

    /// As [`var`](Site::var), or `default` where the site has no such value.
    ///
    /// # Errors
    ///
    /// [`Kind::Usage`] if the value is there and is not a `T`.
    pub fn var_or<T: DeserializeOwned>(&self, key: &str, default: T) -> Result<T, Failure> {
        Ok(self.get_var(key)?.unwrap_or(default))
    }

    fn get_var<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, Failure> {
        let Some(value) = self.settings.vars.get(key) else {
            return Ok(None);
        };
        T::deserialize(value).map(Some).map_err(|error| {
            Failure::new(
                Kind::Usage,
                format!(
                    "the var `{key}` of site `{}` is {}, not {}",
                    self.name,
                    describe(value),
                    short_type::<T>()
                ),
                error.to_string(),
            )
        })
    }
}

impl Deref for Site {
    type Target = Settings;

    fn deref(&self) -> &Settings {
        &self.settings
    }
}

/// What sort of value it is, in words.
pub fn describe(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a bool",
        Value::Number(number) if number.is_f64() => "a float",
        Value::Number(_) => "an integer",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map",
    }
}

/// `Vec<String>` rather than `alloc::vec::Vec<alloc::string::String>`.
fn short_type<T>() -> String {
    let full = std::any::type_name::<T>();
    let mut short = String::with_capacity(full.len());
    for part in full.split_inclusive(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':'))) {
        short.push_str(part.rsplit("::").next().unwrap_or(part));
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Site {
        Site::new(
            "web1".into(),
            Settings::new().var("keep", 7).var("names", vec!["a", "b"]),
        )
    }

    #[test]
    fn vars_are_typed() {
        assert_eq!(site().var::<u32>("keep").unwrap(), 7);
        assert_eq!(site().var::<Vec<String>>("names").unwrap(), ["a", "b"]);
        assert_eq!(site().var_or("other", 3).unwrap(), 3);
    }

    #[test]
    fn a_wrong_var_names_site_key_and_type() {
        let error = site().var::<u32>("kep").unwrap_err();
        assert_eq!(error.to_string(), "site `web1` has no var `kep`");
        assert_eq!(error.hint(), Some("did you mean `keep`?"));
        let error = site().var::<Vec<String>>("keep").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the var `keep` of site `web1` is an integer, not Vec<String>"
        );
        assert!(site().var_or::<bool>("keep", true).is_err());
    }
}
