//! From entries to sites: ranges of names, roles, and the placeholder for the name.

use std::collections::BTreeSet;
use std::collections::HashSet;
use std::path::PathBuf;

use ploy_syntax::range::{self, MAX_NAMES, RangeError};
use ploy_syntax::setting::NAME_PLACEHOLDER;
use serde_json::Value;

use super::problems::ImportProblems;
use super::setting::SettingReader;
use super::site_entry::SiteEntry;
use crate::error::did_you_mean;
use crate::topology::Settings;
use crate::topology::Topology;
use crate::topology::check_name;

/// The sites that the entries stand for, in their order. What is wrong with them goes to
/// `problems`, and is left out.
pub(super) fn from_entries(
    topology: &Topology,
    entries: Vec<SiteEntry>,
    problems: &mut ImportProblems,
) -> Vec<(String, Settings)> {
    let present: HashSet<&str> = topology.sites().iter().map(|site| site.name()).collect();
    let mut new = HashSet::new();
    let names: Vec<Vec<String>> = entries
        .iter()
        .map(|entry| names(&entry.name, &present, &mut new, problems))
        .collect();
    let roles = Roles {
        known: topology.roles(),
        present,
        new,
    };
    let mut sites = Vec::new();
    for (entry, names) in entries.into_iter().zip(names) {
        let settings = settings(entry, &roles, problems);
        sites.extend(names.into_iter().map(|name| {
            let named = named(&settings, &name);
            (name, named)
        }));
    }
    sites
}

/// The names that an entry stands for: those that are well formed, and that no other site has.
fn names(
    written: &str,
    present: &HashSet<&str>,
    new: &mut HashSet<String>,
    problems: &mut ImportProblems,
) -> Vec<String> {
    let mut names = match range::expand(written) {
        Ok(names) => names.unwrap_or_else(|| vec![written.to_owned()]),
        Err(error) => {
            let written = written.escape_debug();
            let why = range_problem(&error);
            problems.add(format!("the site name `{written}` is malformed: {why}"));
            return Vec::new();
        }
    };
    // The names of a range differ in their digits only: one message is enough.
    if let Some(Err(message)) = names.first().map(|name| check_name("site", name)) {
        problems.add(message);
        return Vec::new();
    }
    names.retain(|name| {
        if present.contains(name.as_str()) {
            problems.add(format!("site `{name}` is there already"));
            return false;
        }
        let is_new = new.insert(name.clone());
        if !is_new {
            problems.add(format!("site `{name}` is there twice"));
        }
        is_new
    });
    names
}

/// What is wrong with the ranges of a site's name.
fn range_problem(error: &RangeError) -> String {
    match error {
        RangeError::NotClosed => format!("{error}; a range is written `[01-12]`"),
        RangeError::TooManyNames => format!("it stands for more than {MAX_NAMES} sites"),
        _ => error.to_string(),
    }
}

fn settings(entry: SiteEntry, roles: &Roles<'_>, problems: &mut ImportProblems) -> Settings {
    let SiteEntry { name, settings } = entry;
    let name = name.escape_debug().to_string();
    let mut read = Settings::new();
    let mut seen = HashSet::new();
    for (key, value) in settings {
        if !seen.insert(key.clone()) {
            problems.add(format!(
                "site `{name}` has the setting `{}` twice",
                key.escape_debug()
            ));
            continue;
        }
        let mut reader = SettingReader {
            site: &name,
            problems,
        };
        reader.set(&mut read, &key, &value);
    }
    read.roles.retain(|role| roles.check(&name, role, problems));
    read
}

/// What a role may be, and may not.
struct Roles<'a> {
    known: BTreeSet<&'a str>,
    present: HashSet<&'a str>,
    new: HashSet<String>,
}

impl Roles<'_> {
    /// Whether sites may carry the role.
    fn check(&self, site: &str, role: &str, problems: &mut ImportProblems) -> bool {
        if self.known.contains(role) {
            return true;
        }
        if let Err(message) = check_name("role", role) {
            problems.add(format!("site `{site}`: {message}"));
        } else if self.present.contains(role) || self.new.contains(role) {
            problems.add(format!(
                "site `{site}` wants the role `{role}`, which is the name of a site"
            ));
        } else {
            let message = format!("site `{site}` wants the role `{role}`, which nobody declared");
            problems.add_with(message, || {
                let declare = format!("declare it in `sites!` with `role \"{role}\";`");
                Some(match did_you_mean(role, self.known.iter().copied()) {
                    Some(meant) => format!("{meant} Else {declare}"),
                    None => declare,
                })
            });
        }
        false
    }
}

/// The settings, with the name of the site where they hold its placeholder.
fn named(settings: &Settings, name: &str) -> Settings {
    let mut settings = settings.clone();
    for text in [
        &mut settings.host,
        &mut settings.user,
        &mut settings.jump,
        &mut settings.path,
        &mut settings.shell,
        &mut settings.run_as,
        &mut settings.password_domain,
    ]
    .into_iter()
    .flatten()
    .chain(settings.env.iter_mut().flat_map(|env| env.values_mut()))
    {
        put_name(text, name);
    }
    for path in [&mut settings.identity, &mut settings.config]
        .into_iter()
        .flatten()
    {
        // They came from text, so nothing is lost.
        let mut text = path.to_string_lossy().into_owned();
        put_name(&mut text, name);
        *path = PathBuf::from(text);
    }
    for value in settings.vars.values_mut() {
        put_name_in(value, name);
    }
    settings
}

fn put_name(text: &mut String, name: &str) {
    if text.contains(NAME_PLACEHOLDER) {
        *text = text.replace(NAME_PLACEHOLDER, name);
    }
}

fn put_name_in(value: &mut Value, name: &str) {
    match value {
        Value::String(text) => put_name(text, name),
        Value::Array(values) => values.iter_mut().for_each(|value| put_name_in(value, name)),
        Value::Object(values) => values
            .values_mut()
            .for_each(|value| put_name_in(value, name)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
