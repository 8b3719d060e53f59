//! Backquotes, as far as all shells agree on them.

use super::commands::End;
use super::lexer::{Lexed, Lexer};

const ADVICE: &str = "inside backquotes means different things to different shells: use `$(..)`";

impl Lexer {
    pub(super) fn backquotes(&mut self, in_double_quotes: bool) -> Lexed {
        if in_double_quotes && self.quotes_before_backquote() {
            return self.stop(format!("a quote {ADVICE}"));
        }
        self.take(1);
        self.in_backquotes = true;
        let result = self.commands(End::Backquote, Some("inside backquotes"));
        self.in_backquotes = false;
        result?;
        // The backquote that ended the commands.
        self.take(1);
        Ok(())
    }

    /// Whether a quote stands between this backquote and the next.
    fn quotes_before_backquote(&self) -> bool {
        (1..)
            .map_while(|ahead| self.peek_at(ahead))
            .take_while(|c| *c != '`')
            .any(|c| matches!(c, '\'' | '"'))
    }

    /// Called before a backslash.
    pub(super) fn backslash_in_backquotes(&mut self) -> Lexed {
        if self.in_backquotes {
            self.stop(format!("a backslash {ADVICE}"))
        } else {
            Ok(())
        }
    }

    /// Called inside quotes.
    pub(super) fn backquote_in_quotes(&mut self) -> Lexed {
        if self.in_backquotes && self.peek() == Some('`') {
            self.stop("a quote inside backquotes is not closed before the backquote")
        } else {
            Ok(())
        }
    }
}
