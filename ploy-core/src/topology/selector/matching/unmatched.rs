//! What is said of a term that matches nothing.

use std::collections::HashSet;

use super::super::grammar::{NameScope, Term};
use crate::error::{Problem, did_you_mean};
use crate::topology::Topology;

/// How many names a message has, before it says how many more there are.
const SHOWN: usize = 3;

/// For how many problems a suggestion is looked for, which takes time in a topology of many names.
const SUGGESTED: usize = 8;

/// The parts of selectors that match nothing, each told once.
pub(super) struct Unmatched<'a> {
    topology: &'a Topology,
    parts: HashSet<&'a Term>,
}

impl<'a> Unmatched<'a> {
    pub(super) fn new(topology: &'a Topology) -> Self {
        Unmatched {
            topology,
            parts: HashSet::new(),
        }
    }

    /// The problem with a term of whose names these are `missing`, unless it is known.
    pub(super) fn problem(&mut self, term: &'a Term, missing: &[String]) -> Option<Problem> {
        let first = missing.first()?;
        if !self.parts.insert(term) {
            return None;
        }
        let problem = Problem::new(message(term, missing));
        // Of a range that is partly there, a name that is near is just another of its names.
        let is_partly_there = term.has_range() && missing.len() < term.names().len();
        if term.is_pattern || is_partly_there || self.parts.len() > SUGGESTED {
            return Some(problem);
        }
        Some(match self.hint(term.scope, first) {
            Some(hint) => problem.with_hint(hint),
            None => problem,
        })
    }

    fn hint(&self, scope: NameScope, name: &str) -> Option<String> {
        let topology = self.topology;
        let sites = || topology.sites().iter().map(|site| site.name());
        match scope {
            NameScope::Any => did_you_mean(name, topology.names()),
            NameScope::Role if sites().any(|site| site == name) => {
                Some(format!("`{name}` is a site, not a role"))
            }
            NameScope::Role => did_you_mean(name, topology.roles()),
            NameScope::Site if topology.roles().contains(name) => {
                Some(format!("`{name}` is a role, not a site"))
            }
            NameScope::Site => did_you_mean(name, sites()),
        }
    }
}

fn message(term: &Term, missing: &[String]) -> String {
    let what = match term.scope {
        NameScope::Any => "site or role",
        NameScope::Role => "role",
        NameScope::Site => "site",
    };
    let verb = if term.is_pattern {
        "matches"
    } else {
        "is named"
    };
    let mut names = String::new();
    for (index, name) in missing.iter().take(SHOWN).enumerate() {
        names += match index {
            0 => "",
            _ if index + 1 == missing.len() => " or ",
            _ => ", ",
        };
        names += &format!("`{name}`");
    }
    if missing.len() > SHOWN {
        names += &format!(" or {} more", missing.len() - SHOWN);
    }
    if term.has_range() {
        names += &format!(", of `{term}`");
    }
    format!("no {what} {verb} {names}")
}
