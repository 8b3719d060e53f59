//! A selector: how it is made, combined, and written.

use std::fmt;
use std::str::FromStr;

use super::grammar::{NameScope, Operator, SelectorError, SelectorSyntax, Step, Term, parse};

/// A choice of sites, to be made in any topology.
///
/// As text it is made of terms and operators:
///
/// | term | sites |
/// |---|---|
/// | `web` | the site of that name, and those that carry the role |
/// | `@web` | those that carry the role |
/// | `%web1` | the site of that name |
/// | `web[01-12,20]`, `n[0-20/5]` | as if each name were written; several brackets are a product |
/// | `web*`, `db?` | all whose name, or a role of theirs, matches |
/// | `()` | none |
///
/// | operator | sites |
/// |---|---|
/// | `a,b` | those of `a` and those of `b` |
/// | `a&b` | those of `a` that are also of `b` |
/// | `a!b` | those of `a` that are not of `b` |
/// | `a^b` | those of `a` or of `b`, and not of both |
///
/// All operators bind alike, from left to right, and parentheses group: `web,db&primary` is
/// `(web,db)&primary`.
///
/// A guarded site is chosen only if it is named: by its own name, or by a role that only guarded
/// sites carry, each written out or in a range. Patterns name nothing, nor does what stands to the
/// right of `!`.
///
/// ```
/// use ploy::topology::Selector;
///
/// let selector: Selector = "web[1-3] ! web2".parse()?;
/// assert_eq!(selector, Selector::parse("web[1-3]")?.minus(Selector::name("web2")));
/// # Ok::<(), ploy::topology::SelectorError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// Operands before their operator: so neither its size nor the way in which it was made asks
    /// for a deep stack.
    steps: Vec<Step>,
}

impl Selector {
    /// Reads a selector.
    ///
    /// # Errors
    ///
    /// What is wrong with `text`, and where.
    pub fn parse(text: &str) -> Result<Selector, SelectorError> {
        parse(text, SelectorSyntax::Expression).map(|steps| Selector { steps })
    }

    /// Reads a list of sites: names, ranges and patterns, joined by `,` alone. No role matches.
    ///
    /// # Errors
    ///
    /// What is wrong with `text`, and where.
    pub fn sites(text: &str) -> Result<Selector, SelectorError> {
        parse(text, SelectorSyntax::SiteList).map(|steps| Selector { steps })
    }

    /// Reads a list of roles: names, ranges and patterns, joined by `,` alone. A site's own name is
    /// a role too.
    ///
    /// # Errors
    ///
    /// What is wrong with `text`, and where.
    pub fn roles(text: &str) -> Result<Selector, SelectorError> {
        parse(text, SelectorSyntax::RoleList).map(|steps| Selector { steps })
    }

    /// The site of exactly this name, and the sites that carry the role.
    ///
    /// The `name` is taken as it is. One that no site or role can have, such as `web*`, matches
    /// nothing, and as text does not parse back.
    pub fn name(name: impl Into<String>) -> Selector {
        Selector::of(Term::exact(NameScope::Any, name.into()))
    }

    /// The sites that carry the role of exactly this name.
    ///
    /// The `name` is taken as it is, as by [`name`](Selector::name).
    pub fn role(name: impl Into<String>) -> Selector {
        Selector::of(Term::exact(NameScope::Role, name.into()))
    }

    fn of(term: Term) -> Selector {
        Selector {
            steps: vec![Step::Term(term)],
        }
    }

    /// The sites of this one and those of the `other`.
    #[must_use]
    pub fn or(self, other: Selector) -> Selector {
        self.join(Operator::Or, other)
    }

    /// The sites of this one that are also of the `other`.
    #[must_use]
    pub fn and(self, other: Selector) -> Selector {
        self.join(Operator::And, other)
    }

    /// The sites of this one that are not of the `other`.
    #[must_use]
    pub fn minus(self, other: Selector) -> Selector {
        self.join(Operator::Minus, other)
    }

    /// The sites of this one or of the `other`, and not of both.
    #[must_use]
    pub fn xor(self, other: Selector) -> Selector {
        self.join(Operator::Xor, other)
    }

    fn join(mut self, op: Operator, other: Selector) -> Selector {
        self.steps.extend(other.steps);
        self.steps.push(Step::Operator(op));
        self
    }

    pub(super) fn steps(&self) -> &[Step] {
        &self.steps
    }
}

impl FromIterator<Selector> for Selector {
    /// The sites of any of them; of none of them, no site.
    fn from_iter<I: IntoIterator<Item = Selector>>(selectors: I) -> Self {
        let steps = vec![Step::Nothing];
        selectors
            .into_iter()
            .reduce(Selector::or)
            .unwrap_or(Selector { steps })
    }
}

impl FromStr for Selector {
    type Err = SelectorError;

    fn from_str(text: &str) -> Result<Selector, SelectorError> {
        Selector::parse(text)
    }
}

impl fmt::Display for Selector {
    /// The text of a selector that chooses the same sites, with parentheses wherever a reader could
    /// doubt.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut stack: Vec<(String, Option<Operator>)> = Vec::new();
        for step in &self.steps {
            match step {
                Step::Nothing => stack.push(("()".to_owned(), None)),
                Step::Term(term) => stack.push((term.to_string(), None)),
                // Every operator follows its two operands.
                Step::Operator(op) => {
                    if let (Some((right, inside)), Some((left, before))) =
                        (stack.pop(), stack.pop())
                    {
                        let mut text = match before {
                            Some(other) if other != *op => format!("({left})"),
                            _ => left,
                        };
                        match op {
                            Operator::Or => text.push(','),
                            op => text.extend([' ', op.sign(), ' ']),
                        }
                        match inside {
                            Some(_) => text.extend(["(", &right, ")"]),
                            None => text.push_str(&right),
                        }
                        stack.push((text, Some(*op)));
                    }
                }
            }
        }
        stack.iter().try_for_each(|(text, _)| f.write_str(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn combinators_are_the_operators() {
        let name = |name: &str| Selector::name(name);
        for (made, text) in [
            (name("a").or(name("b")).or(name("c")), "a,b,c"),
            (name("a").or(name("b").or(name("c"))), "a,(b,c)"),
            (
                name("a").or(name("b")).and(Selector::role("r")),
                "(a,b) & @r",
            ),
            (name("a").minus(name("b").xor(name("c"))), "a ! (b ^ c)"),
            (name("a").minus(name("b")).minus(name("c")), "a ! b ! c"),
            (Selector::from_iter([]), "()"),
            (
                Selector::from_iter([name("a"), name("b"), name("c")]),
                "a,b,c",
            ),
        ] {
            assert_eq!(made.to_string(), text);
            assert_eq!(text.parse(), Ok(made));
        }
    }

    #[test]
    fn lists_show_whose_names_they_mean() {
        assert_eq!(
            Selector::sites("web[1-2], db*").unwrap().to_string(),
            "%web[1-2],%db*"
        );
        assert_eq!(Selector::roles("web,db?").unwrap().to_string(), "web,db?");
    }
}
