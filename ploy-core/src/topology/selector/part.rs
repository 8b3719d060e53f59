use std::borrow::Cow;
use std::fmt;

use ploy_syntax::range::Range;

/// One term of a selector: a name, a range of names or a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Part {
    pub(super) scope: Scope,
    pub(super) pieces: Vec<Piece>,
    /// Whether `*` and `?` in the text stand for other characters.
    pub(super) is_pattern: bool,
}

/// Whose names a part is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Scope {
    /// Sites' and roles'.
    Any,
    /// Roles' alone.
    Role,
    /// Sites' alone.
    Site,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Piece {
    Text(String),
    Range(Range),
}

impl Part {
    /// The part that stands for exactly this name.
    pub(super) fn exact(scope: Scope, name: String) -> Self {
        Part {
            scope,
            pieces: vec![Piece::Text(name)],
            is_pattern: false,
        }
    }

    /// How many names it is expanded to.
    pub(super) fn len(&self) -> u64 {
        let ranges = self.pieces.iter().map(|piece| match piece {
            Piece::Text(_) => 1,
            Piece::Range(range) => range.len(),
        });
        ranges.fold(1, u64::saturating_mul)
    }

    /// Whether it is written with brackets.
    pub(super) fn has_range(&self) -> bool {
        self.pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Range(_)))
    }

    /// The names, or patterns, that it stands for; the last range runs fastest.
    pub(super) fn names(&self) -> Vec<Cow<'_, str>> {
        if let [Piece::Text(name)] = self.pieces.as_slice() {
            return vec![Cow::Borrowed(name)];
        }
        let mut names = vec![Cow::Borrowed("")];
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => names.iter_mut().for_each(|name| *name += text.as_str()),
                Piece::Range(range) => {
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

impl Scope {
    /// The character before a name that narrows it to this scope.
    pub(super) fn sigil(self) -> Option<char> {
        match self {
            Scope::Any => None,
            Scope::Role => Some('@'),
            Scope::Site => Some('%'),
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(sigil) = self.scope.sigil() {
            write!(f, "{sigil}")?;
        }
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => f.write_str(text)?,
                Piece::Range(range) => write!(f, "{range}")?,
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
        let range = |text| Piece::Range(Range::parse(text).unwrap());
        let part = Part {
            scope: Scope::Role,
            pieces: vec![
                Piece::Text("rack".into()),
                range("1-2"),
                Piece::Text("-n".into()),
                range("08-10"),
            ],
            is_pattern: false,
        };
        assert_eq!(part.len(), 6);
        assert_eq!(
            part.names(),
            [
                "rack1-n08",
                "rack1-n09",
                "rack1-n10",
                "rack2-n08",
                "rack2-n09",
                "rack2-n10"
            ]
        );
        assert_eq!(part.to_string(), "@rack[1-2]-n[08-10]");
        let part = Part::exact(Scope::Any, "web".into());
        assert_eq!((part.names(), part.len()), (vec!["web".into()], 1));
    }
}
