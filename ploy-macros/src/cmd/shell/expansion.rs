//! What begins with a dollar: `$name`, `${..}`, `$(..)`, `$((..))`.

use super::commands::End;
use super::lexer::{Lexed, Lexer};

impl Lexer {
    /// Takes a dollar and what it begins, apart from what only begins something outside of quotes.
    pub(super) fn dollar(&mut self, in_double_quotes: bool) -> Lexed {
        if self.starts_with("$\\\n") {
            return self.stop("a line cannot be broken after `$`");
        }
        if self.starts_with("$[") {
            return self
                .stop("`$[..]` is arithmetic to some shells and text to others: use `$((..))`");
        }
        if self.starts_with("$((") {
            return self.arithmetic();
        }
        if self.starts_with("$(") {
            self.take(2);
            let refusal = if in_double_quotes {
                "in a `$(..)` inside double quotes"
            } else {
                "in a `$(..)` inside an expansion"
            };
            return self.commands(End::Paren, Some(refusal));
        }
        if self.starts_with("${") {
            return self.parameter(in_double_quotes);
        }
        self.take(1);
        Ok(())
    }

    /// `${..}`: the shell's, kept as it is.
    fn parameter(&mut self, in_double_quotes: bool) -> Lexed {
        self.take(2);
        let is_known = self
            .peek()
            .is_some_and(|c| c == '_' || c.is_ascii_alphanumeric() || "@*#?$!-".contains(c));
        if !is_known {
            return self.stop(
                "`${` is the shell's and begins the name of a shell variable; a \
                value of Rust's is written `{value}`, without `$`",
            );
        }
        loop {
            match self.peek() {
                Some('}') => {
                    self.take(1);
                    return Ok(());
                }
                Some('\\') => {
                    self.backslash_in_backquotes()?;
                    self.take(2);
                }
                Some('\'' | '"') if in_double_quotes => {
                    return self.stop(
                        "quotes in a `${..}` inside double quotes mean different \
                        things to different shells: leave out one or the other",
                    );
                }
                Some('\'') => self.single_quotes()?,
                Some('"') => self.double_quotes()?,
                Some('`') => {
                    self.backquote_in_quotes()?;
                    self.backquotes(in_double_quotes)?;
                }
                Some('$') => self.dollar(in_double_quotes)?,
                Some('{') if self.at_placeholder() => {
                    self.take_refusing("inside `${..}`");
                }
                Some('{') => {
                    return self.stop(
                        "a `{` inside `${..}` is not counted by the shell, \
                    which ends at the first `}`: quote it, or set a variable first",
                    );
                }
                Some(_) => self.take(1),
                None => return self.stop("`${` is not closed"),
            }
        }
    }

    fn arithmetic(&mut self) -> Lexed {
        self.take(3);
        let mut depth = 0_usize;
        loop {
            match self.peek() {
                Some('(') => {
                    depth += 1;
                    self.take(1);
                }
                Some(')') if depth > 0 => {
                    depth -= 1;
                    self.take(1);
                }
                Some(')') if self.peek_at(1) == Some(')') => {
                    self.take(2);
                    return Ok(());
                }
                Some(')') => {
                    return self.stop(
                        "`$((` begins arithmetic, which ends with `))`: \
                    write `$( (` for a subshell in a substitution",
                    );
                }
                Some('$') => self.dollar(true)?,
                Some('\'' | '"' | '`' | '\\' | '#' | ';') => {
                    return self.stop(
                        "only numbers, names, operators and `$` can stand in \
                        `$((..))`",
                    );
                }
                Some(_) => {
                    self.take_refusing("inside `$((..))`");
                }
                None => return self.stop("`$((` is not closed"),
            }
        }
    }
}
