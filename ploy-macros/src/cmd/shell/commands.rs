//! Commands outside of quotes: words, operators, parentheses, comments.

use super::here_document::HereDocument;
use super::lexer::{Lexed, Lexer, Refusal, Unit};
use super::word::Word;

/// What ends the commands.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum End {
    Text,
    /// The `)` of a `$(` inside something quoted.
    Paren,
    Backquote,
}

/// What is known of the commands so far.
#[derive(Default)]
struct State {
    word: Word,
    parens: Vec<Paren>,
    /// A `)` may belong to a pattern of `case`.
    seen_case: bool,
    here_documents: Vec<HereDocument>,
    has_words: bool,
    /// `&&`, `||` or `|`, if nothing but blanks came after it.
    open_operator: Option<String>,
}

enum Paren {
    Substitution,
    Group,
}

impl State {
    fn end_word(&mut self) {
        let word = std::mem::take(&mut self.word);
        self.seen_case |= !word.is_quoted && word.text == "case";
    }

    /// Something of a word was read that is not a plain character.
    fn quoted(&mut self) {
        self.begin();
        self.word.is_quoted = true;
        self.word.ends_in_variable = false;
    }

    fn begin(&mut self) {
        self.has_words = true;
        self.open_operator = None;
        self.word.has_begun = true;
    }
}

impl Lexer {
    /// Lexes commands up to their end. Where there is a refusal, no placeholder may stand in them.
    pub(super) fn commands(&mut self, end: End, refusal: Option<Refusal>) -> Lexed {
        let mut state = State::default();
        loop {
            let Some(c) = self.peek() else {
                return self.end_of_text(end, state);
            };
            match c {
                '`' if end == End::Backquote => return self.end_of_backquotes(&mut state),
                '\\' => self.escape(&mut state)?,
                '\'' => {
                    state.quoted();
                    self.single_quotes()?;
                }
                '"' => {
                    state.quoted();
                    self.double_quotes()?;
                }
                '`' => {
                    state.quoted();
                    self.backquotes(false)?;
                }
                '$' => self.dollar_in_commands(&mut state)?,
                '#' if !state.word.has_begun => self.comment()?,
                ' ' | '\t' => {
                    state.end_word();
                    self.take(1);
                }
                '\n' => {
                    self.is_compound = true;
                    state.end_word();
                    self.take(1);
                    for document in std::mem::take(&mut state.here_documents) {
                        self.here_document_body(&document)?;
                    }
                }
                '(' => self.open(&mut state)?,
                ')' => {
                    if self.close(end, &mut state)? {
                        return Ok(());
                    }
                }
                ';' | '&' | '|' | '<' | '>' => self.operator(&mut state)?,
                _ => match self.take_unit() {
                    Some(Unit::Placeholder(placeholder)) => {
                        self.value(&placeholder, &state.word, refusal);
                        state.quoted();
                    }
                    Some(Unit::Char(c)) => {
                        state.begin();
                        state.word.text.push(c);
                        state.word.ends_in_variable &= c == '_' || c.is_alphanumeric();
                    }
                    None => {}
                },
            }
            if state.seen_case && end == End::Paren {
                return self.stop(
                    "`case` cannot stand in a `$(..)` inside quotes, as its `)` \
                    could be taken for the end: set a variable first, outside of the quotes",
                );
            }
        }
    }

    fn end_of_text(&mut self, end: End, mut state: State) -> Lexed {
        state.end_word();
        match end {
            End::Paren => return self.stop("`$(` is not closed"),
            End::Backquote => return self.stop("a backquote is not closed"),
            End::Text => {}
        }
        if let Some(document) = state.here_documents.first() {
            return self.stop(format!(
                "the here-document `{}` has no text",
                document.delimiter
            ));
        }
        if !state.parens.is_empty() {
            return self.stop("`(` is not closed");
        }
        if !state.has_words {
            return self.stop("this command is empty");
        }
        if let Some(operator) = state.open_operator {
            return self.stop(format!("nothing follows `{operator}`"));
        }
        Ok(())
    }

    fn end_of_backquotes(&mut self, state: &mut State) -> Lexed {
        state.end_word();
        if state.parens.is_empty() {
            Ok(())
        } else {
            self.stop("`(` is not closed before the backquote")
        }
    }

    fn escape(&mut self, state: &mut State) -> Lexed {
        self.backslash_in_backquotes()?;
        match self.peek_at(1) {
            None => return self.stop("the command ends in a backslash"),
            Some('\n') => {
                let is_blank = |c: Option<char>| c.is_none_or(|c| matches!(c, ' ' | '\t' | '\n'));
                if !is_blank(self.before()) && !is_blank(self.peek_at(2)) {
                    return self.stop(
                        "a backslash at the end of a line would join two words: put \
                        a space before it",
                    );
                }
                // It is as if nothing stood there.
                self.take(2);
                return Ok(());
            }
            Some(_) => {}
        }
        state.quoted();
        self.take(1);
        self.take_escaped();
        Ok(())
    }

    /// Takes what follows a backslash. A placeholder there would lose its first quote.
    pub(super) fn take_escaped(&mut self) {
        if let Some(Unit::Placeholder(placeholder)) = self.take_unit() {
            let source = placeholder.source;
            self.problem(format!(
                "the backslash before `{source}` would spoil its quoting; \
                braces of the shell's are written `{{{{` and `}}}}`"
            ));
        }
    }

    fn comment(&mut self) -> Lexed {
        self.is_compound = true;
        while let Some(c) = self.peek() {
            if c == '\n' || (c == '`' && self.in_backquotes) {
                break;
            }
            if let Some(Unit::Placeholder(placeholder)) = self.take_unit() {
                self.problem(format!(
                    "`{}` stands in a comment; braces there are written `{{{{` and `}}}}`",
                    placeholder.source
                ));
            }
        }
        Ok(())
    }

    fn operator(&mut self, state: &mut State) -> Lexed {
        state.end_word();
        if self.starts_with("<<") && !self.starts_with("<<<") {
            state.has_words = true;
            state.open_operator = None;
            let document = self.here_document()?;
            state.here_documents.push(document);
            return Ok(());
        }
        let operator = ["<<<", "&&", "||", ";;", ">&", "<&", ">|", "&>", "|&"]
            .into_iter()
            .find(|operator| self.starts_with(operator))
            .map_or_else(|| self.peek().into_iter().collect(), str::to_owned);
        let is_redirection = operator.contains(['<', '>']);
        if !state.has_words && !is_redirection {
            return self.stop(format!("nothing stands before `{operator}`"));
        }
        self.is_compound |= !is_redirection && operator != "|";
        state.open_operator =
            matches!(operator.as_str(), "&&" | "||" | "|" | "|&").then(|| operator.clone());
        self.take(operator.chars().count());
        Ok(())
    }

    fn open(&mut self, state: &mut State) -> Lexed {
        if self.peek_at(1) == Some('(') {
            return self.stop(
                "`((` means one thing to one shell and another to the next: write \
                `( (`, or `$((..))` for arithmetic",
            );
        }
        if state.word.text.ends_with('=') {
            return self.stop(
                "`=(` begins an array, which a plain shell does not have: list the \
                values where they are used, as in `{values...}`",
            );
        }
        state.end_word();
        state.has_words = true;
        state.open_operator = None;
        state.parens.push(Paren::Group);
        self.take(1);
        Ok(())
    }

    /// Takes a `)`. True if it is the end.
    fn close(&mut self, end: End, state: &mut State) -> Lexed<bool> {
        state.end_word();
        self.take(1);
        match state.parens.pop() {
            Some(Paren::Substitution) => {
                self.check_here_documents(state)?;
                state.quoted();
                state.word.is_doubtful = state.seen_case;
            }
            Some(Paren::Group) => {}
            None if end == End::Paren => {
                self.check_here_documents(state)?;
                return Ok(true);
            }
            // The end of a pattern, or of what a pattern seemed to end.
            None if state.seen_case => {}
            None => return self.stop("`)` without a `(` before it"),
        }
        Ok(false)
    }

    /// A here-document whose text comes after the substitution it belongs to.
    fn check_here_documents(&mut self, state: &State) -> Lexed {
        if state.here_documents.is_empty() {
            return Ok(());
        }
        self.stop(
            "a here-document begins in `$(..)` and its text comes after: put the `)` on a line of \
             its own below",
        )
    }

    fn dollar_in_commands(&mut self, state: &mut State) -> Lexed {
        if self.starts_with("$(") && !self.starts_with("$((") {
            // Commands of the same kind: only the word around them is another.
            state.end_word();
            state.has_words = true;
            state.open_operator = None;
            state.parens.push(Paren::Substitution);
            self.take(2);
            return Ok(());
        }
        if self.starts_with("$'") {
            state.quoted();
            return self.dollar_quotes();
        }
        let is_variable = self
            .peek_at(1)
            .is_some_and(|c| c == '_' || c.is_ascii_alphabetic());
        self.dollar(false)?;
        state.quoted();
        state.word.ends_in_variable = is_variable;
        Ok(())
    }
}
