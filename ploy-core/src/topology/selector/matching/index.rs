//! All names of a topology, and the sites that each stands for.

use std::collections::BTreeMap;

use wildmatch::WildMatch;

use super::super::grammar::{NameScope, Term};
use super::site_set::SiteSet;
use crate::topology::Topology;

/// All names of a topology and what they stand for: made once, asked for every term.
pub(super) struct Index<'a> {
    // Sorted, so that of a pattern only the names are tried that begin as it does.
    names: Vec<(&'a str, Entry)>,
    length: usize,
}

/// What one name stands for; sites by their numbers.
#[derive(Default)]
struct Entry {
    site: Option<usize>,
    carriers: Vec<usize>,
    is_role: bool,
    /// Whether a site that is not guarded carries the role.
    is_open: bool,
}

/// What a term, or an expression of terms, comes to.
#[derive(Clone, Default)]
pub(super) struct Members {
    pub(super) sites: SiteSet,
    /// The sites that are named, which guarded ones must be. Whether they are among `sites` does
    /// not matter.
    pub(super) named: SiteSet,
}

impl<'a> Index<'a> {
    pub(super) fn new(topology: &'a Topology) -> Self {
        let mut names = BTreeMap::<&str, Entry>::new();
        for role in topology.roles() {
            names.entry(role).or_default().is_role = true;
        }
        for (number, site) in topology.sites().iter().enumerate() {
            names.entry(site.name()).or_default().site = Some(number);
            for role in &site.roles {
                let entry = names.entry(role).or_default();
                entry.carriers.push(number);
                entry.is_open |= !site.is_guarded();
            }
        }
        Index {
            names: names.into_iter().collect(),
            length: topology.sites().len(),
        }
    }

    /// No sites.
    pub(super) fn none(&self) -> Members {
        Members {
            sites: SiteSet::new(self.length),
            named: SiteSet::new(self.length),
        }
    }

    /// The sites that a term stands for, and those of its names or patterns that nothing matches.
    pub(super) fn resolve(&self, term: &Term) -> (Members, Vec<String>) {
        let mut members = self.none();
        let mut missing = Vec::new();
        for name in term.names() {
            let mut is_missing = true;
            let mut add = |entry: &Entry| {
                is_missing &= !entry.has(term.scope);
                entry.add_to(&mut members, term);
            };
            if term.is_pattern {
                self.each_match(&name, add);
            } else if let Ok(at) = self.names.binary_search_by(|(own, _)| (*own).cmp(&name)) {
                add(&self.names[at].1);
            }
            if is_missing {
                missing.push(name.into_owned());
            }
        }
        (members, missing)
    }

    fn each_match(&self, pattern: &str, mut found: impl FnMut(&Entry)) {
        let is_wild = ['*', '?'];
        let begin = pattern.split(is_wild).next().unwrap_or_default();
        // Most names are told apart by their end sooner than by the whole pattern.
        let end = pattern.rsplit(is_wild).next().unwrap_or_default();
        let matcher = WildMatch::new(pattern);
        let first = self.names.partition_point(|(name, _)| *name < begin);
        for (name, entry) in &self.names[first..] {
            if !name.starts_with(begin) {
                break;
            }
            if name.ends_with(end) && matcher.matches(name) {
                found(entry);
            }
        }
    }
}

impl Entry {
    /// Whether it is a name of this scope, be it of a role without sites.
    fn has(&self, scope: NameScope) -> bool {
        match scope {
            NameScope::Any => self.is_role || self.site.is_some(),
            NameScope::Role => self.is_role,
            NameScope::Site => self.site.is_some(),
        }
    }

    fn add_to(&self, members: &mut Members, term: &Term) {
        let Members { sites, named } = members;
        if let Some(site) = self.site.filter(|_| term.scope != NameScope::Role) {
            sites.insert(site);
            if !term.is_pattern {
                named.insert(site);
            }
        }
        if term.scope != NameScope::Site {
            for &site in &self.carriers {
                sites.insert(site);
                if !term.is_pattern && !self.is_open {
                    named.insert(site);
                }
            }
        }
    }
}
