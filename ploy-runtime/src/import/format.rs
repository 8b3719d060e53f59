use serde_json::Value;

use super::entry::{Entry, Layer};
use super::problems::Problems;

/// How a text with sites is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// A table for each site: `[web1]`. Needs the feature `toml`, which is on by default.
    #[cfg(feature = "toml")]
    Toml,
    /// An object of objects, or a list of objects with a `name`.
    Json,
}

/// Why a text is not of its format, and what to do about it if that is known.
pub(super) struct Malformed {
    pub(super) cause: String,
    pub(super) hint: Option<String>,
}

impl Format {
    /// The sites that the text names, in its order.
    pub(super) fn entries(
        self,
        text: &str,
        problems: &mut Problems,
    ) -> Result<Vec<Entry>, Malformed> {
        // What Windows puts before UTF-8. No position in the first line needs it.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match self {
            #[cfg(feature = "toml")]
            Format::Toml => toml::entries(text, problems),
            Format::Json => json(text, problems),
        }
    }
}

fn json(text: &str, problems: &mut Problems) -> Result<Vec<Entry>, Malformed> {
    let document: Layer<Layer<Value>> = serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let message = error.to_string();
        let message = message
            .strip_suffix(&format!(" at line {line} column {column}"))
            .unwrap_or(&message);
        Malformed {
            cause: format!("line {line}, column {column}: {message}"),
            hint: None,
        }
    })?;
    Ok(match document {
        Layer::Table(sites) => sites
            .into_iter()
            .filter_map(|(name, site)| Entry::new(name, site, problems))
            .collect(),
        Layer::List(sites) => (1..)
            .zip(sites)
            .filter_map(|(number, site)| Entry::numbered(number, site, problems))
            .collect(),
        Layer::Leaf(what) => {
            problems.add_with(format!("it is {what}"), || {
                Some(
                    "sites are an object of objects, or a list of objects with a `name`".to_owned(),
                )
            });
            Vec::new()
        }
    })
}

#[cfg(feature = "toml")]
mod toml {
    use std::collections::BTreeMap;

    use serde_json::Number;
    use serde_json::Value;
    use toml::Spanned;

    use super::super::entry::{Entry, Layer};
    use super::super::problems::Problems;
    use super::Malformed;

    pub(super) fn entries(text: &str, problems: &mut Problems) -> Result<Vec<Entry>, Malformed> {
        let document: BTreeMap<Spanned<String>, toml::Value> =
            toml::from_str(text).map_err(|error| malformed(text, &error))?;
        let mut sites: Vec<_> = document.into_iter().collect();
        sites.sort_by_key(|(name, _)| name.span().start);
        Ok(sites
            .into_iter()
            .filter_map(|(name, site)| {
                let name = name.into_inner();
                let site = match site {
                    toml::Value::Table(settings) => Layer::Table(
                        settings
                            .into_iter()
                            .map(|(key, setting)| {
                                let setting = value(setting, &mut |float| {
                                    problems.add(format!(
                                        "`{key}` of site `{name}` holds {float}, which is no number"
                                    ));
                                });
                                (key, setting)
                            })
                            .collect(),
                    ),
                    other => Layer::Leaf(describe(&other)),
                };
                Entry::new(name, site, problems)
            })
            .collect())
    }

    /// A date becomes its text. What JSON has no number for goes to `refuse`.
    fn value(value: toml::Value, refuse: &mut dyn FnMut(f64)) -> Value {
        match value {
            toml::Value::String(text) => text.into(),
            toml::Value::Integer(number) => number.into(),
            toml::Value::Float(float) => Number::from_f64(float).map_or_else(
                || {
                    refuse(float);
                    Value::Null
                },
                Value::Number,
            ),
            toml::Value::Boolean(flag) => flag.into(),
            toml::Value::Datetime(time) => time.to_string().into(),
            toml::Value::Array(values) => values
                .into_iter()
                .map(|one| self::value(one, refuse))
                .collect(),
            toml::Value::Table(values) => values
                .into_iter()
                .map(|(key, one)| (key, self::value(one, refuse)))
                .collect(),
        }
    }

    fn describe(value: &toml::Value) -> &'static str {
        match value {
            toml::Value::String(_) => "a string",
            toml::Value::Integer(_) => "an integer",
            toml::Value::Float(_) => "a float",
            toml::Value::Boolean(_) => "a bool",
            toml::Value::Datetime(_) => "a date",
            toml::Value::Array(_) => "a list",
            toml::Value::Table(_) => "a map",
        }
    }

    fn malformed(text: &str, error: &toml::de::Error) -> Malformed {
        let message = error.message().trim().replace('\n', ", ");
        let Some(before) = error.span().and_then(|span| text.get(..span.start)) else {
            return Malformed {
                cause: message,
                hint: None,
            };
        };
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let line = before.matches('\n').count() + 1;
        let column = before[start..].chars().count() + 1;
        let is_header = text[start..].trim_start().starts_with('[');
        Malformed {
            cause: format!("line {line}, column {column}: {message}"),
            hint: is_header.then(|| {
                "a name with anything but letters, digits, `_` and `-` is quoted: `[\"db[01-12]\"]`"
                    .to_owned()
            }),
        }
    }
}
