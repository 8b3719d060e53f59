//! Sites in TOML.

use std::collections::BTreeMap;

use serde_json::Number;
use serde_json::Value;
use toml::Spanned;

use super::malformed::MalformedText;
use super::problems::ImportProblems;
use super::site_entry::{JsonLayer, SiteEntry};

/// The sites that the text names, in its order.
pub(super) fn entries(
    text: &str,
    problems: &mut ImportProblems,
) -> Result<Vec<SiteEntry>, MalformedText> {
    let document: BTreeMap<Spanned<String>, toml::Value> =
        toml::from_str(text).map_err(|error| malformed(text, &error))?;
    let mut sites: Vec<_> = document.into_iter().collect();
    sites.sort_by_key(|(name, _)| name.span().start);
    Ok(sites
        .into_iter()
        .filter_map(|(name, site)| {
            let name = name.into_inner();
            let site = match site {
                toml::Value::Table(settings) => JsonLayer::Table(
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
                other => JsonLayer::Leaf(describe(&other)),
            };
            SiteEntry::new(name, site, problems)
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

fn malformed(text: &str, error: &toml::de::Error) -> MalformedText {
    let message = error.message().trim().replace('\n', ", ");
    let Some(before) = error.span().and_then(|span| text.get(..span.start)) else {
        return MalformedText {
            cause: message,
            hint: None,
        };
    };
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let line = before.matches('\n').count() + 1;
    let column = before[start..].chars().count() + 1;
    let is_header = text[start..].trim_start().starts_with('[');
    MalformedText {
        cause: format!("line {line}, column {column}: {message}"),
        hint: is_header.then(|| {
            "a name with anything but letters, digits, `_` and `-` is quoted: `[\"db[01-12]\"]`"
                .to_owned()
        }),
    }
}
