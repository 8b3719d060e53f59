//! The rules of `sites!`.

use ploy_syntax::range::MAX_NAMES;

use super::model::{Site, Sites, Statement, roles};
use super::names::{Names, Twice};
use super::{literal, order, template};
use crate::input::errors::Errors;
use crate::input::name::Name;

/// Gathers the names and says everything that is wrong.
pub(super) fn check(sites: &Sites, errors: &mut Errors) -> Names {
    let mut names = Names::default();
    // Sites first: a role that has the name of one is then known as such wherever it stands.
    let mut count = 0;
    for site in sites.statements.iter().filter_map(as_site) {
        count += site.names.len();
        if count > MAX_NAMES && count - site.names.len() <= MAX_NAMES {
            errors.at(
                site.name.span,
                format!("these are more than {MAX_NAMES} sites"),
            );
        }
        if count <= MAX_NAMES {
            add_site(site, &mut names, errors);
        }
    }
    let mut declared: Vec<&str> = Vec::new();
    for statement in &sites.statements {
        match statement {
            Statement::Site(site) => {
                literal::check(&site.settings, errors);
                roles(&site.settings).for_each(|role| add_role(role, &mut names, errors));
            }
            Statement::Update(update) => {
                literal::check(&update.settings, errors);
                template::refuse(&update.settings, errors);
                roles(&update.settings).for_each(|role| add_role(role, &mut names, errors));
                if update.roles.is_empty {
                    errors.at(
                        update.roles.span,
                        "this update names no role, so it would update nothing",
                    );
                }
            }
            Statement::Role(role) => {
                if declared.contains(&role.text.as_str()) {
                    errors.at(role.span, format!("role `{}` is declared twice", role.text));
                }
                declared.push(&role.text);
                add_role(role, &mut names, errors);
            }
        }
    }
    order::check(&sites.statements, &names, errors);
    names
}

fn as_site(statement: &Statement) -> Option<&Site> {
    match statement {
        Statement::Site(site) => Some(site),
        _ => None,
    }
}

/// Adds all sites of a statement. One error is enough for a range.
fn add_site(site: &Site, names: &mut Names, errors: &mut Errors) {
    for name in &site.names {
        let mut found = Errors::default();
        let result = names.add_site(name, site.name.span, &mut found);
        if let Err(Twice) = result {
            found.at(
                site.name.span,
                format!(
                    "site `{name}` is given twice; to add to a site, \
                use `update [\"{name}\"] {{ .. }}`"
                ),
            );
        }
        if !found.is_empty() {
            errors.append(found);
            return;
        }
    }
}

fn add_role(role: &Name, names: &mut Names, errors: &mut Errors) {
    if names.is_site(&role.text) {
        let message = format!(
            "`{}` is the name of a site, and every site is a role of its own: choose another \
                name for this role",
            role.text
        );
        errors.at(role.span, message);
    } else {
        names.add_role(role, errors);
    }
}
