//! A word of a command, and a value in it.

use super::lexer::{Lexer, Refusal};
use super::placeholder::Placeholder;
use super::{Piece, PlacedValue};

/// The word that is being read.
#[derive(Default)]
pub(super) struct Word {
    pub(super) has_begun: bool,
    /// Its text as far as it is not quoted.
    pub(super) text: String,
    pub(super) is_quoted: bool,
    /// It may have begun: after a `)` that may be that of a pattern.
    pub(super) is_doubtful: bool,
    /// It ends in the name of a shell variable, as in `a$b`.
    pub(super) ends_in_variable: bool,
}

impl Lexer {
    /// Adds a value to a word, unless it cannot stand there.
    pub(super) fn value(
        &mut self,
        placeholder: &Placeholder,
        word: &Word,
        refusal: Option<Refusal>,
    ) {
        if let Some(refusal) = refusal {
            self.refuse(placeholder, refusal);
            return;
        }
        let Placeholder {
            source,
            written,
            path,
            is_splice,
            is_any_allowed,
        } = placeholder;
        if word.ends_in_variable {
            self.problem(format!(
                "`{source}` stands right after the name of a shell variable and \
                could become part of it: put the name in `${{..}}`"
            ));
        }
        if word.text.starts_with('~') && !word.text.contains('/') {
            self.problem(format!(
                "the shell does not expand `~` before `{source}`, which is \
                quoted: give the whole path in Rust, or use `$HOME`"
            ));
        }
        let is_start = !word.has_begun;
        let is_end = self.is_at_end_of_word();
        if *is_splice && !(is_start && is_end) {
            self.problem(format!(
                "`{source}` must be a word of its own, as it becomes several: put blanks around it"
            ));
        }
        let value = PlacedValue {
            written: written.clone(),
            path: path.clone(),
            is_splice: *is_splice,
            is_word_start: is_start || word.is_doubtful,
            is_whole_word: is_start && is_end,
            is_any_allowed: *is_any_allowed,
        };
        self.push_piece(Piece::Value(value));
        if matches!(self.peek(), Some('<' | '>')) {
            // A number there would be taken for that of a file: `echo 2>x`.
            self.push_space();
        }
    }

    fn is_at_end_of_word(&self) -> bool {
        match self.peek() {
            None => true,
            Some('\\') => {
                self.peek_at(1) == Some('\n')
                    && self
                        .peek_at(2)
                        .is_none_or(|c| matches!(c, ' ' | '\t' | '\n'))
            }
            Some(c) => matches!(
                c,
                ' ' | '\t' | '\n' | ';' | '&' | '|' | '<' | '>' | '(' | ')'
            ),
        }
    }
}
