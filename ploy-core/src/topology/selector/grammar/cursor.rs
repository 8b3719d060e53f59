//! A place in the text of a selector, and what is said of a character that has none there.

use super::error::Mistake;
use super::syntax::SelectorSyntax;

pub(super) const OPERATORS: &str =
    "the operators are `,` (or), `&` (and), `!` (and not) and `^` (one of the two)";

/// Where it stands when it finds a mistake is where the mistake is.
pub(super) struct Cursor {
    pub(super) chars: Vec<char>,
    pub(super) at: usize,
    pub(super) syntax: SelectorSyntax,
}

impl Cursor {
    /// The next character that is not blank; the parser stands there then.
    pub(super) fn peek(&mut self) -> Option<char> {
        while self.chars.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
        self.chars.get(self.at).copied()
    }

    /// What is wrong about a character that has no place where it stands.
    pub(super) fn stray(&self, c: char) -> Mistake {
        let shown = c.escape_debug();
        match (self.syntax, c) {
            (SelectorSyntax::Expression, ':' | '|' | ';' | '+') => {
                Mistake::new(format!("`{c}` is no operator")).with_hint(OPERATORS)
            }
            (SelectorSyntax::Expression, ']') => Mistake::new("`]` closes nothing"),
            (SelectorSyntax::Expression, _) => {
                Mistake::new(format!("`{shown}` has no place in a name"))
            }
            (syntax, _) => Mistake::new(format!("`{shown}` has no place in a {}", syntax.name()))
                .with_hint("give names, ranges and patterns, with `,` between them"),
        }
    }
}
