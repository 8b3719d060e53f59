//! One term of a selector.

use std::borrow::Cow;
use std::fmt;

use ploy_syntax::range::Range;

/// One term of a selector: a name, a range of names or a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in super::super) struct Term {
    pub(in super::super) scope: NameScope,
    pub(in super::super) pieces: Vec<TermPiece>,
    /// Whether `*` and `?` in the text stand for other characters.
    pub(in super::super) is_pattern: bool,
}

/// Whose names a term is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in super::super) enum NameScope {
    /// Sites' and roles'.
    Any,
    /// Roles' alone.
    Role,
    /// Sites' alone.
    Site,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in super::super) enum TermPiece {
    Text(String),
    Range(Range),
}

impl Term {
    /// The term that stands for exactly this name.
    pub(in super::super) fn exact(scope: NameScope, name: String) -> Self {
        Term {
            scope,
            pieces: vec![TermPiece::Text(name)],
            is_pattern: false,
        }
    }

    /// How many names it is expanded to.
    pub(in super::super) fn len(&self) -> u64 {
        let ranges = self.pieces.iter().map(|piece| match piece {
            TermPiece::Text(_) => 1,
            TermPiece::Range(range) => range.len(),
        });
        ranges.fold(1, u64::saturating_mul)
    }

    /// Whether it is written with brackets.
    pub(in super::super) fn has_range(&self) -> bool {
        self.pieces
            .iter()
            .any(|piece| matches!(piece, TermPiece::Range(_)))
    }

    /// The names, or patterns, that it stands for; the last range runs fastest.
    pub(in super::super) fn names(&self) -> Vec<Cow<'_, str>> {
        if let [TermPiece::Text(name)] = self.pieces.as_slice() {
            return vec![Cow::Borrowed(name)];
        }
        let mut names = vec![Cow::Borrowed("")];
        for piece in &self.pieces {
            match piece {
                TermPiece::Text(text) => names.iter_mut().for_each(|name| *name += text.as_str()),
                TermPiece::Range(range) => {
                    let numbers = range.numbers();
                    let longer = |name| {
                        numbers
                            .iter()
                            .map(move |number| Cow::Owned(format!("{name}{number}")))
                    };
                    names = names.iter().flat_map(longer).collect();
                }
            }
        }
        names
    }
}

impl NameScope {
    /// The character before a name that narrows it to this scope.
    pub(in super::super) fn sigil(self) -> Option<char> {
        match self {
            NameScope::Any => None,
            NameScope::Role => Some('@'),
            NameScope::Site => Some('%'),
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(sigil) = self.scope.sigil() {
            write!(f, "{sigil}")?;
        }
        for piece in &self.pieces {
            match piece {
                TermPiece::Text(text) => f.write_str(text)?,
                TermPiece::Range(range) => write!(f, "{range}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_ranges_are_a_product() {
        let range = |text| TermPiece::Range(Range::parse(text).unwrap());
        let term = Term {
            scope: NameScope::Role,
            pieces: vec![
                TermPiece::Text("rack".into()),
                range("1-2"),
                TermPiece::Text("-n".into()),
                range("08-10"),
            ],
            is_pattern: false,
        };
        assert_eq!(term.len(), 6);
        assert_eq!(
            term.names(),
            [
                "rack1-n08",
                "rack1-n09",
                "rack1-n10",
                "rack2-n08",
                "rack2-n09",
                "rack2-n10"
            ]
        );
        assert_eq!(term.to_string(), "@rack[1-2]-n[08-10]");
        let term = Term::exact(NameScope::Any, "web".into());
        assert_eq!((term.names(), term.len()), (vec!["web".into()], 1));
    }
}
