//! Reads the text of a selector into its steps.

use super::cursor::Cursor;
use super::error::{Mistake, SelectorError};
use super::operator::Operator;
use super::read_term::is_in_term;
use super::step::Step;
use super::syntax::SelectorSyntax;

/// Reads a text to steps in which operands stand before their operator.
///
/// # Errors
///
/// The first mistake, and where it is.
pub(in super::super) fn parse(
    text: &str,
    syntax: SelectorSyntax,
) -> Result<Vec<Step>, SelectorError> {
    let mut cursor = Cursor {
        chars: text.chars().collect(),
        at: 0,
        syntax,
    };
    cursor
        .steps()
        .map_err(|mistake| SelectorError::new(text, syntax.name(), cursor.at, mistake))
}

impl Cursor {
    fn steps(&mut self) -> Result<Vec<Step>, Mistake> {
        let mut steps = Vec::new();
        // For each parenthesis that is open: where it stands, and the operator before it.
        let mut open: Vec<(usize, Option<Operator>)> = Vec::new();
        let mut waiting = None;
        loop {
            match self.peek() {
                Some('(') if self.syntax == SelectorSyntax::Expression => {
                    open.push((self.at, waiting.take()));
                    self.at += 1;
                    if self.peek() != Some(')') {
                        continue;
                    }
                    steps.push(Step::Nothing);
                }
                next => {
                    let term = self.term(next)?;
                    steps.push(Step::Term(term));
                    steps.extend(waiting.take().map(Step::Operator));
                }
            }
            while waiting.is_none() {
                match (self.peek(), open.last()) {
                    (Some(')'), Some((_, before))) => {
                        steps.extend(before.map(Step::Operator));
                        open.pop();
                        self.at += 1;
                    }
                    (None, None) => return Ok(steps),
                    (None, Some((at, _))) => {
                        self.at = *at;
                        return Err(Mistake::new("`(` is not closed"));
                    }
                    (Some(c), _) => {
                        waiting = Some(self.operator(c)?);
                        self.at += 1;
                    }
                }
            }
        }
    }

    fn operator(&self, c: char) -> Result<Operator, Mistake> {
        let op = Operator::ALL.into_iter().find(|op| op.sign() == c);
        match op {
            Some(Operator::Or) => Ok(Operator::Or),
            Some(op) if self.syntax == SelectorSyntax::Expression => Ok(op),
            None if begins_term(c) || (c == '(' && self.syntax == SelectorSyntax::Expression) => {
                Err(Mistake::new(format!("an operator is missing before `{c}`"))
                    .with_hint("write `,` between two terms to choose the sites of both"))
            }
            None if c == ')' && self.syntax == SelectorSyntax::Expression => {
                Err(Mistake::new("`)` closes nothing"))
            }
            _ => Err(self.stray(c)),
        }
    }
}

fn begins_term(c: char) -> bool {
    is_in_term(c) || matches!(c, '[' | '@' | '%')
}

#[cfg(test)]
mod tests {
    use super::super::super::Selector;

    #[test]
    fn what_parses_is_shown_without_doubt() {
        for (text, shown) in [
            ("web", "web"),
            (" web , db ", "web,db"),
            ("web,db&primary", "(web,db) & primary"),
            ("web & db,x ! y ^ z", "(((web & db),x) ! y) ^ z"),
            ("a,(b&c)", "a,(b & c)"),
            ("((a))", "a"),
            ("(a,b),c", "a,b,c"),
            ("( )", "()"),
            ("a!()", "a ! ()"),
            ("@web&%web1", "@web & %web1"),
            ("@*", "@*"),
            ("db[01-12].eu-[ 1 , 3-9/2 ]*", "db[01-12].eu-[1,3-9/2]*"),
            ("[1-3]x", "[1-3]x"),
            ("süd_1.x-y", "süd_1.x-y"),
            ("n[0-99999]", "n[0-99999]"),
        ] {
            let selector = Selector::parse(text).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(selector.to_string(), shown, "{text}");
            assert_eq!(Selector::parse(shown), Ok(selector));
        }
    }

    #[test]
    fn mistakes_are_placed_and_explained() {
        let operators = Some(super::super::cursor::OPERATORS);
        let both = Some("write `,` between two terms to choose the sites of both");
        let one = Some("between two terms stands one operator: `web!web2`, `web&primary`");
        let last = Some("take the last operator away, or write a name behind it");
        for (text, at, wrong, hint) in [
            ("web,,db", 5, "a name is missing before `,`", None),
            ("web,", 5, "a name is missing at the end", last),
            ("web,!db", 5, "a name is missing before `!`", one),
            ("a&&b", 3, "a name is missing before `&`", one),
            (
                "!db",
                1,
                "a name is missing before `!`",
                Some("to take sites away from all, write `*!web`"),
            ),
            (
                "web,-db",
                5,
                "no name begins with `-`",
                Some("to leave sites out, write `!`: `web!web2`"),
            ),
            ("(web,)", 6, "a name is missing before `)`", None),
            ("a,(", 4, "a name is missing at the end", last),
            ("a,(b", 3, "`(` is not closed", None),
            ("a)", 2, "`)` closes nothing", None),
            (")", 1, "a name is missing before `)`", None),
            ("web db", 5, "an operator is missing before `d`", both),
            ("web(db)", 4, "an operator is missing before `(`", both),
            ("(web)db", 6, "an operator is missing before `d`", both),
            ("web@db", 4, "an operator is missing before `@`", both),
            ("web:db", 4, "`:` is no operator", operators),
            ("web|db", 4, "`|` is no operator", operators),
            ("web;db", 4, "`;` is no operator", operators),
            ("web + db", 5, "`+` is no operator", operators),
            ("web,:db", 5, "`:` is no operator", operators),
            ("web/1", 4, "`/` has no place in a name", None),
            ("wéb,\u{7}", 5, "`\\u{7}` has no place in a name", None),
            ("web]", 4, "`]` closes nothing", None),
            ("@", 2, "no name follows `@`", None),
            ("@ web", 2, "no name follows `@`", None),
            ("@@web", 2, "no name follows `@`", None),
            (
                "db[1-3",
                3,
                "`[` is not closed",
                Some("a range is written `web[1-3]`"),
            ),
            (
                "db[1[2]]",
                3,
                "`[` is not closed",
                Some("a range is written `web[1-3]`"),
            ),
            (
                "x,db[1,9-2]",
                8,
                "the range `9-2` is reversed",
                Some("write `2-9`"),
            ),
            ("db[]", 4, "a number is missing in the brackets", None),
        ] {
            let error = Selector::parse(text).unwrap_err();
            let shown = text.replace('\u{7}', "\\u{7}");
            let message = format!("cannot read the selector `{shown}`: at character {at}, {wrong}");
            assert_eq!(
                (error.to_string(), error.position(), error.hint()),
                (message, at, hint)
            );
        }
        for text in ["", " \n"] {
            let error = Selector::parse(text).unwrap_err();
            assert_eq!(error.to_string(), "the selector is empty");
            assert_eq!(error.hint(), Some("`*` is all sites"));
        }
    }

    #[test]
    fn a_term_stands_for_so_many_names_and_no_more() {
        for (text, count) in [
            ("n[0-100000]", "100001"),
            ("n[0-999][0-99][1-2]", "200000"),
            ("*[1-200000]", "200000"),
        ] {
            let error = Selector::parse(text).unwrap_err().to_string();
            let expected = format!(
                "`{text}` stands for {count} names: more than 100000, the most that one term may"
            );
            assert!(error.ends_with(&expected), "{error}");
        }
        let huge = "[0-999999999999999999]".repeat(20);
        assert!(Selector::parse(&huge).is_err());
    }

    #[test]
    fn lists_have_one_operator() {
        for (text, at, wrong) in [
            ("web&db", 4, "`&` has no place in a list of sites"),
            ("@web", 1, "`@` has no place in a list of sites"),
            ("(web)", 1, "`(` has no place in a list of sites"),
            ("a,,b", 3, "a name is missing before `,`"),
            ("a b", 3, "an operator is missing before `b`"),
        ] {
            let error = Selector::sites(text).unwrap_err().to_string();
            assert_eq!(
                error,
                format!("cannot read the list of sites `{text}`: at character {at}, {wrong}")
            );
        }
        assert_eq!(
            Selector::roles("").unwrap_err().to_string(),
            "the list of roles is empty"
        );
    }

    #[test]
    fn neither_length_nor_depth_is_a_matter_of_the_stack() {
        let deep = format!("{}a{}", "(".repeat(100_000), ")".repeat(100_000));
        assert_eq!(Selector::parse(&deep).unwrap(), Selector::name("a"));
        let long = vec!["a"; 100_000].join(",");
        assert!(Selector::parse(&long).is_ok());
    }
}
