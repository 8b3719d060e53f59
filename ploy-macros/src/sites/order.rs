//! An `update` reaches the sites above it: what it names must be known by then, and complete.

use std::collections::{HashMap, HashSet};

use ploy_syntax::suggest::did_you_mean;

use super::model::{Statement, roles};
use super::names::Names;
use crate::input::errors::Errors;
use crate::input::name::Name;

/// So many roles are listed in a message.
const SHOWN: usize = 20;

/// Who gives a role for the last time.
struct Last<'a> {
    statement: usize,
    /// In words: the site, or an update.
    giver: Giver<'a>,
}

enum Giver<'a> {
    Site(&'a str),
    Update,
}

/// Checks the roles that updates name.
pub(super) fn check(statements: &[Statement], names: &Names, errors: &mut Errors) {
    if !statements
        .iter()
        .any(|statement| matches!(statement, Statement::Update(_)))
    {
        return;
    }
    let last = last(statements);
    let mut known: HashSet<&str> = HashSet::new();
    for (index, statement) in statements.iter().enumerate() {
        if let Statement::Update(update) = statement {
            for role in &update.roles.roles {
                check_role(role, index, &known, &last, names, errors);
            }
        }
        known.extend(given(statement));
    }
}

fn check_role(
    role: &Name,
    index: usize,
    known: &HashSet<&str>,
    last: &HashMap<&str, Last<'_>>,
    names: &Names,
    errors: &mut Errors,
) {
    let name = role.text.as_str();
    match last.get(name) {
        Some(last) if last.statement > index => {
            let who = match last.giver {
                Giver::Site(site) if site == name => format!("site `{site}` comes later"),
                Giver::Site(site) => format!("site `{site}`, which comes later, carries `{name}`"),
                Giver::Update => format!("a later `update` gives `{name}` to more sites"),
            };
            errors.at(
                role.span,
                format!("{who}, so this `update` would miss it: move the `update` below"),
            );
        }
        _ if known.contains(name) || names.all.contains(name) => {}
        _ => {
            let near = did_you_mean(name, names.candidates())
                .map_or_else(String::new, |near| format!("; {near}"));
            let known = match names.roles.as_slice() {
                [] => "no role is declared".to_owned(),
                roles if roles.len() <= SHOWN => format!("declared roles: {}", roles.join(", ")),
                roles => format!("declared roles: {}, ..", roles[..SHOWN].join(", ")),
            };
            errors.at(
                role.span,
                format!("undeclared role `{name}`{near} ({known})"),
            );
        }
    }
}

/// For each name, the last statement that makes a site carry it.
fn last(statements: &[Statement]) -> HashMap<&str, Last<'_>> {
    let mut last = HashMap::new();
    for (index, statement) in statements.iter().enumerate() {
        let giver = match statement {
            Statement::Site(site) => site.name.text.as_str(),
            Statement::Update(_) => "",
            Statement::Role(_) => continue,
        };
        for name in given(statement) {
            let giver = if giver.is_empty() {
                Giver::Update
            } else {
                Giver::Site(giver)
            };
            last.insert(
                name,
                Last {
                    statement: index,
                    giver,
                },
            );
        }
    }
    last
}

/// The names that a statement makes known.
fn given(statement: &Statement) -> Vec<&str> {
    match statement {
        Statement::Site(site) => site
            .names
            .iter()
            .map(String::as_str)
            .chain(roles(&site.settings).map(|role| role.text.as_str()))
            .collect(),
        Statement::Update(update) => roles(&update.settings)
            .map(|role| role.text.as_str())
            .collect(),
        Statement::Role(role) => vec![&role.text],
    }
}
