//! Reads one term of a selector.

use ploy_syntax::range::{MAX_NAMES, Range, RangeError};

use super::cursor::Cursor;
use super::error::Mistake;
use super::operator::Operator;
use super::syntax::SelectorSyntax;
use super::term::{NameScope, Term, TermPiece};

impl Cursor {
    /// Reads a term, of which `next` is the first character.
    pub(super) fn term(&mut self, next: Option<char>) -> Result<Term, Mistake> {
        let Some(first) = next else {
            let is_blank = self.chars.iter().all(|c| c.is_whitespace());
            return Err(
                Mistake::new("a name is missing at the end").with_hint(if is_blank {
                    "`*` is all sites"
                } else {
                    "take the last operator away, or write a name behind it"
                }),
            );
        };
        let scope = match self.syntax {
            SelectorSyntax::Expression => self.scope(first),
            SelectorSyntax::SiteList => NameScope::Site,
            SelectorSyntax::RoleList => NameScope::Any,
        };
        let begin = self.at;
        let pieces = self.pieces()?;
        let end = std::mem::replace(&mut self.at, begin);
        match (self.chars[begin..end].first(), scope.sigil()) {
            (None, Some(sigil)) if sigil == first => {
                return Err(Mistake::new(format!("no name follows `{sigil}`")));
            }
            (None, _) => return Err(self.no_name(first)),
            (Some(c @ ('-' | '.')), _) => {
                return Err(Mistake::new(format!("no name begins with `{c}`"))
                    .with_hint("to leave sites out, write `!`: `web!web2`"));
            }
            (Some(_), _) => {}
        }
        let is_wild =
            |piece: &TermPiece| matches!(piece, TermPiece::Text(text) if text.contains(['*', '?']));
        let term = Term {
            scope,
            is_pattern: pieces.iter().any(is_wild),
            pieces,
        };
        if term.len() > MAX_NAMES as u64 {
            return Err(Mistake::new(format!(
                "`{term}` stands for {} names: more than {MAX_NAMES}, the most that one term may",
                term.len()
            )));
        }
        self.at = end;
        Ok(term)
    }

    /// What the first character of a term says about its scope; the parser stands at the name then.
    fn scope(&mut self, first: char) -> NameScope {
        for scope in [NameScope::Role, NameScope::Site] {
            if scope.sigil() == Some(first) {
                self.at += 1;
                return scope;
            }
        }
        NameScope::Any
    }

    fn pieces(&mut self) -> Result<Vec<TermPiece>, Mistake> {
        let mut pieces = Vec::new();
        while let Some(&c) = self.chars.get(self.at) {
            if c == '[' {
                pieces.push(TermPiece::Range(self.range()?));
                continue;
            }
            if !is_in_term(c) {
                break;
            }
            self.at += 1;
            match pieces.last_mut() {
                Some(TermPiece::Text(text)) => text.push(c),
                _ => pieces.push(TermPiece::Text(c.to_string())),
            }
        }
        Ok(pieces)
    }

    fn range(&mut self) -> Result<Range, Mistake> {
        let begin = self.at + 1;
        let length = self.chars[begin..]
            .iter()
            .position(|c| matches!(c, ']' | '['));
        match length {
            Some(length) if self.chars[begin + length] == ']' => {
                let inside: String = self.chars[begin..begin + length].iter().collect();
                let range = Range::parse(&inside).map_err(|wrong| {
                    self.at = begin + wrong.position;
                    Mistake::from(wrong.error)
                })?;
                self.at = begin + length + 1;
                Ok(range)
            }
            _ => Err(RangeError::NotClosed.into()),
        }
    }

    /// What is wrong where a name should begin and this character stands.
    fn no_name(&self, c: char) -> Mistake {
        let is_operator = Operator::ALL.iter().any(|op| op.sign() == c);
        let has_place =
            c == ',' || (self.syntax == SelectorSyntax::Expression && (is_operator || c == ')'));
        if !has_place {
            return self.stray(c);
        }
        let mistake = Mistake::new(format!("a name is missing before `{c}`"));
        let is_first = self.chars[..self.at].iter().all(|c| c.is_whitespace());
        match c {
            '!' if is_first => mistake.with_hint("to take sites away from all, write `*!web`"),
            '!' | '&' | '^' => mistake
                .with_hint("between two terms stands one operator: `web!web2`, `web&primary`"),
            _ => mistake,
        }
    }
}

pub(super) fn is_in_term(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '*' | '?')
}
