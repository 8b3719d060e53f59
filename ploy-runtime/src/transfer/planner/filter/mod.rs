//! What is left out of a transfer: patterns with the meanings of rsync's `--exclude` and
//! `--include`. The first rule whose pattern matches decides. [`pattern`] says which paths a
//! pattern is compared with, [`glob`] compares.

mod glob;
mod pattern;

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use pattern::Pattern;

/// Rules in the order in which they were given.
#[derive(Clone, Debug, Default)]
pub(in crate::transfer) struct Filter {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
struct Rule {
    is_include: bool,
    pattern: Pattern,
}

/// A pattern without a character.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a pattern is empty")]
pub(in crate::transfer) struct EmptyPatternError;

impl Filter {
    pub(super) fn exclude(&mut self, text: &[u8]) -> Result<(), EmptyPatternError> {
        self.add(false, text)
    }

    pub(super) fn include(&mut self, text: &[u8]) -> Result<(), EmptyPatternError> {
        self.add(true, text)
    }

    /// As rsync does, takes `- ` and `+ ` at the beginning for the kind of the rule, and `!` alone
    /// for an end of all rules before.
    fn add(&mut self, is_include: bool, text: &[u8]) -> Result<(), EmptyPatternError> {
        if text == b"!" {
            self.rules.clear();
            return Ok(());
        }
        let (is_include, text) = match text {
            [b'-', b' ', text @ ..] => (false, text),
            [b'+', b' ', text @ ..] => (true, text),
            text => (is_include, text),
        };
        if text.is_empty() {
            return Err(EmptyPatternError);
        }
        let pattern = Pattern::new(text);
        self.rules.push(Rule {
            is_include,
            pattern,
        });
        Ok(())
    }

    /// Whether a path below the destination is left out. What is in a folder that is left out is
    /// not asked for.
    pub(in crate::transfer) fn is_excluded(&self, path: &Path, is_folder: bool) -> bool {
        let path = path.as_os_str().as_bytes();
        self.rules
            .iter()
            .find(|rule| rule.pattern.is_match(path, is_folder))
            .is_some_and(|rule| !rule.is_include)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_that_matches_decides() {
        let mut filter = Filter::default();
        filter.include(b"keep.log").unwrap();
        filter.exclude(b"*.log").unwrap();
        filter.exclude(b"+ *.txt").unwrap();
        filter.include(b"- *").unwrap();
        let is_excluded = |path: &str| filter.is_excluded(Path::new(path), false);
        assert!(!is_excluded("a/keep.log") && is_excluded("a/x.log"));
        assert!(!is_excluded("x.txt") && is_excluded("x"));
        filter.exclude(b"!").unwrap();
        assert!(!filter.is_excluded(Path::new("x"), false));
        assert_eq!(filter.exclude(b""), Err(EmptyPatternError));
        assert_eq!(filter.exclude(b"- "), Err(EmptyPatternError));
    }
}
