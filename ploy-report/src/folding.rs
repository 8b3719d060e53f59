//! Failures that are the same on many sites, as one.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use ploy_core::event::ErrorReport;

/// Failures by what is the same of them, so that what is kept does not grow with the sites.
#[derive(Debug)]
pub(crate) struct FoldedFailures<T> {
    all: Vec<FoldedFailure<T>>,
    /// Where each is among them, by its key.
    known: HashMap<String, usize>,
}

/// What failed in the same way, on some sites or none.
#[derive(Debug)]
pub(crate) struct FoldedFailure<T> {
    /// The failure of the first of the sites.
    pub(crate) first: T,
    /// Each with its place among all sites of the run.
    pub(crate) sites: BTreeSet<(usize, String)>,
}

impl<T> Default for FoldedFailures<T> {
    fn default() -> Self {
        FoldedFailures {
            all: Vec::new(),
            known: HashMap::new(),
        }
    }
}

impl<T> FoldedFailures<T> {
    /// Adds a failure with this key, on a site of this place and name if it is one of a site.
    pub(crate) fn add(&mut self, key: String, site: Option<(usize, String)>, failure: T) {
        match self.known.entry(key) {
            Entry::Occupied(known) => {
                let folded = &mut self.all[*known.get()];
                // Which came first is chance.
                if site.is_some() && site.as_ref() < folded.sites.first() {
                    folded.first = failure;
                }
                folded.sites.extend(site);
            }
            Entry::Vacant(unknown) => {
                unknown.insert(self.all.len());
                self.all.push(FoldedFailure {
                    first: failure,
                    sites: site.into_iter().collect(),
                });
            }
        }
    }

    pub(crate) fn all(&self) -> &[FoldedFailure<T>] {
        &self.all
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut FoldedFailure<T>> {
        self.all.iter_mut()
    }
}

impl<T> FoldedFailure<T> {
    /// The names of the sites, in the order of their places.
    pub(crate) fn site_names(&self) -> impl Iterator<Item = &str> {
        self.sites.iter().map(|(_, site)| site.as_str())
    }
}

/// What is the same of failures that are one: all but the name of the site. What their commands put
/// out may differ unless it `has_output`.
pub(crate) fn key(what: &[&str], error: &ErrorReport, site: &str, has_output: bool) -> String {
    let mut parts: Vec<String> = what.iter().map(|part| (*part).to_owned()).collect();
    parts.push(format!("{:?}", error.kind));
    parts.extend(error.location.as_ref().map(ToString::to_string));
    parts.extend(error.messages.iter().map(|text| without_site(site, text)));
    if has_output {
        parts.extend(error.hint.iter().map(|text| without_site(site, text)));
        if let Some(command) = &error.command {
            parts.push(format!("{:?} {:?}", command.code, command.signal));
            parts.push(without_site(site, &command.command));
            for output in [&command.stdout, &command.stderr] {
                parts.push(without_site(site, &String::from_utf8_lossy(output)));
            }
        }
    }
    parts.join("\0")
}

/// The text with a mark where it has the site's name as a word.
pub(crate) fn without_site(site: &str, text: &str) -> String {
    let is_in_name = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(site).filter(|_| !site.is_empty()) {
        let (before, after) = (&rest[..at], &rest[at + site.len()..]);
        shown.push_str(before);
        let is_word = !(shown.ends_with(is_in_name) || after.starts_with(is_in_name));
        shown.push_str(if is_word { "\u{1}" } else { site });
        rest = after;
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_names_are_left_out() {
        assert_eq!(
            without_site("web1", "web1 web10 aweb1 web1.x (web1) web1-2 web1"),
            "\u{1} web10 aweb1 \u{1}.x (\u{1}) web1-2 \u{1}"
        );
        assert_eq!(without_site("aa", "aaaa aa"), "aaaa \u{1}");
    }
}
