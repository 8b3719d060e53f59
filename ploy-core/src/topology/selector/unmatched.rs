use std::collections::HashSet;

use super::super::Topology;
use super::part::{Part, Scope};
use crate::error::{Problem, did_you_mean};

/// How many names a message has, before it says how many more there are.
const SHOWN: usize = 3;

/// For how many problems a suggestion is looked for, which takes time in a topology of many names.
const SUGGESTED: usize = 8;

/// The parts of selectors that match nothing, each told once.
pub(super) struct Unmatched<'a> {
    topology: &'a Topology,
    parts: HashSet<&'a Part>,
}

impl<'a> Unmatched<'a> {
    pub(super) fn new(topology: &'a Topology) -> Self {
        Unmatched {
            topology,
            parts: HashSet::new(),
        }
    }

    /// The problem with a part of whose names these are `missing`, unless it is known.
    pub(super) fn problem(&mut self, part: &'a Part, missing: &[String]) -> Option<Problem> {
        let first = missing.first()?;
        if !self.parts.insert(part) {
            return None;
        }
        let problem = Problem::new(message(part, missing));
        // Of a range that is partly there, a name that is near is just another of its names.
        let is_partly_there = part.has_range() && missing.len() < part.names().len();
        if part.is_pattern || is_partly_there || self.parts.len() > SUGGESTED {
            return Some(problem);
        }
        Some(match self.hint(part.scope, first) {
            Some(hint) => problem.with_hint(hint),
            None => problem,
        })
    }

    fn hint(&self, scope: Scope, name: &str) -> Option<String> {
        let topology = self.topology;
        let sites = || topology.sites().iter().map(|site| site.name());
        match scope {
            Scope::Any => did_you_mean(name, topology.names()),
            Scope::Role if sites().any(|site| site == name) => {
                Some(format!("`{name}` is a site, not a role"))
            }
            Scope::Role => did_you_mean(name, topology.roles()),
            Scope::Site if topology.roles().contains(name) => {
                Some(format!("`{name}` is a role, not a site"))
            }
            Scope::Site => did_you_mean(name, sites()),
        }
    }
}

fn message(part: &Part, missing: &[String]) -> String {
    let what = match part.scope {
        Scope::Any => "site or role",
        Scope::Role => "role",
        Scope::Site => "site",
    };
    let verb = if part.is_pattern {
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
    if part.has_range() {
        names += &format!(", of `{part}`");
    }
    format!("no {what} {verb} {names}")
}
