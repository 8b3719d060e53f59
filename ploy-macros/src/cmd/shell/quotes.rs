//! Single quotes, double quotes, `$'..'`.

use super::lexer::{Lexed, Lexer};

impl Lexer {
    pub(super) fn single_quotes(&mut self) -> Lexed {
        let said = self.said();
        self.take(1);
        loop {
            self.backquote_in_quotes()?;
            match self.peek() {
                Some('\'') => {
                    self.take(1);
                    return Ok(());
                }
                Some('\\') if self.in_backquotes => self.backslash_in_backquotes()?,
                Some(_) => {
                    self.take_refusing("inside single quotes");
                }
                None => return self.stop_unclosed(said, "a single quote is not closed"),
            }
        }
    }

    pub(super) fn double_quotes(&mut self) -> Lexed {
        let said = self.said();
        self.take(1);
        loop {
            match self.peek() {
                Some('"') => {
                    self.take(1);
                    return Ok(());
                }
                Some('\\') => {
                    self.backslash_in_backquotes()?;
                    self.take(1);
                    self.take_escaped();
                }
                Some('$') => self.dollar(true)?,
                Some('`') => {
                    self.backquote_in_quotes()?;
                    self.backquotes(true)?;
                }
                Some(_) => {
                    self.take_refusing("inside double quotes");
                }
                None => return self.stop_unclosed(said, "a double quote is not closed"),
            }
        }
    }

    /// `$'..'`, where bash knows escapes and a plain POSIX shell knows none.
    pub(super) fn dollar_quotes(&mut self) -> Lexed {
        let said = self.said();
        self.take(2);
        loop {
            self.backquote_in_quotes()?;
            match self.peek() {
                Some('\'') => {
                    self.take(1);
                    return Ok(());
                }
                Some('\\') => {
                    self.backslash_in_backquotes()?;
                    if matches!(self.peek_at(1), Some('\'' | '\\')) {
                        return self.stop(
                            "`\\'` and `\\\\` in `$'..'` mean different things to \
                            different shells: use other quotes",
                        );
                    }
                    self.take(1);
                }
                Some(_) => {
                    self.take_refusing("inside `$'..'`");
                }
                None => return self.stop_unclosed(said, "`$'` is not closed"),
            }
        }
    }
}
