//! Shell text, understood as far as it takes to know that a value put into it stays one value.
//!
//! The lexer follows POSIX and is wary where shells differ (dash, bash, ksh, zsh): text that two of
//! them would quote differently is refused, so that nothing that is taken for unquoted here is
//! quoted there, or the other way round.

mod backquotes;
mod commands;
mod expansion;
mod here_document;
mod lexer;
mod placeholder;
mod quotes;
#[cfg(test)]
mod tests;
mod word;

/// One shell command or list of commands.
#[derive(Debug, PartialEq)]
pub(super) struct Command {
    pub(super) pieces: Vec<Piece>,
    /// Joining it to another command by `&&` would change its meaning.
    pub(super) is_compound: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    Text(String),
    Value(PlacedValue),
}

/// The value of a placeholder, and where it stands in its shell word.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PlacedValue {
    /// `a.b`, for messages.
    pub(super) written: String,
    /// `a`, `b`.
    pub(super) path: Vec<String>,
    /// `{values...}`.
    pub(super) is_splice: bool,
    /// Nothing stands before it in its shell word.
    pub(super) is_word_start: bool,
    /// It is the whole shell word.
    pub(super) is_whole_word: bool,
    /// Written `:any`: it may be empty, and may begin with `-`.
    pub(super) is_any_allowed: bool,
}

/// Understands a command, or says all that is wrong with it.
pub(super) fn lex(text: &str) -> Result<Command, Vec<String>> {
    lexer::Lexer::new(text).run()
}
