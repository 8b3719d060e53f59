//! All names of sites and roles, and the Rust items that stand for them.

use std::collections::{BTreeSet, HashMap, HashSet};

use proc_macro2::{Ident, Span};

use crate::input::errors::Errors;
use crate::input::name::{self, Name};

/// What the module `topology` holds.
#[derive(Default)]
pub(super) struct Names {
    /// Every name, of sites and of roles, in the order of their bytes.
    pub(super) all: BTreeSet<String>,
    /// The declared roles in source order, each once.
    pub(super) roles: Vec<String>,
    /// The items of the sites.
    pub(super) site_items: Vec<Item>,
    /// The items of the roles that are not sites.
    pub(super) role_items: Vec<Item>,
    sites: HashSet<String>,
    /// Which name an identifier already stands for.
    identifiers: HashMap<String, String>,
}

/// A constant: an identifier that stands for a name.
pub(super) struct Item {
    pub(super) ident: Ident,
    pub(super) name: String,
}

impl Names {
    /// Adds a site. Its name is a role of its own.
    pub(super) fn add_site(
        &mut self,
        name: &str,
        span: Span,
        errors: &mut Errors,
    ) -> Result<(), Twice> {
        if name::place_problem(name).is_none() && !self.sites.insert(name.to_owned()) {
            return Err(Twice);
        }
        if let Some(ident) = self.add(name, span, errors) {
            self.site_items.push(Item {
                ident,
                name: name.to_owned(),
            });
        }
        Ok(())
    }

    /// Adds a role that is named somewhere, if it is new.
    pub(super) fn add_role(&mut self, role: &Name, errors: &mut Errors) {
        if self.all.contains(&role.text) {
            return;
        }
        let ident = self.add(&role.text, role.span, errors);
        self.roles.push(role.text.clone());
        if let Some(ident) = ident {
            self.role_items.push(Item {
                ident,
                name: role.text.clone(),
            });
        }
    }

    pub(super) fn is_site(&self, name: &str) -> bool {
        self.sites.contains(name)
    }

    /// Declared roles first, then sites: what a mistyped name may have meant.
    pub(super) fn candidates(&self) -> impl Iterator<Item = &str> {
        self.roles
            .iter()
            .map(String::as_str)
            .chain(self.site_items.iter().map(|item| item.name.as_str()))
    }

    /// Adds a word that may be meant as a role, without a complaint.
    pub(super) fn harvest(&mut self, word: &str, span: Span) {
        if name::place_problem(word).is_some() || self.all.contains(word) {
            return;
        }
        if let Some(ident) = self.add(word, span, &mut Errors::default()) {
            self.role_items.push(Item {
                ident,
                name: word.to_owned(),
            });
        }
    }

    /// The identifier of a new name. A name that can have none is an error.
    fn add(&mut self, name: &str, span: Span, errors: &mut Errors) -> Option<Ident> {
        self.all.insert(name.to_owned());
        if let Some(problem) = name::place_problem(name) {
            errors.at(span, problem);
            return None;
        }
        let text = name::identifier_text(name);
        if name::is_keyword(&text) {
            errors.at(
                span,
                format!(
                    "`{name}` is a word of Rust itself, so no item could stand \
                for it: choose another name"
                ),
            );
            return None;
        }
        if !name::can_be_identifier(&text) {
            errors.at(
                span,
                format!(
                    "`{name}` has letters that no Rust identifier can have, so \
                no item could stand for it: choose another name"
                ),
            );
            return None;
        }
        if let Some(other) = self.identifiers.get(&text) {
            errors.at(
                span,
                format!(
                    "`{name}` and `{other}` cannot be told apart as Rust \
                identifiers: both would be `{text}`"
                ),
            );
            return None;
        }
        let ident = Ident::new(&text, span);
        self.identifiers.insert(text, name.to_owned());
        Some(ident)
    }
}

/// The site was there already.
pub(super) struct Twice;
