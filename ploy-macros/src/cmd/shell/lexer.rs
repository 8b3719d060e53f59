//! The state of lexing: the rest of the text, what came of it, what is wrong.

use super::commands::End;
use super::placeholder::{self, Placeholder};
use super::{Command, Piece};

/// What is wrong was said, and nothing after it can be understood.
pub(super) struct Stop;

pub(super) type Lexed<T = ()> = Result<T, Stop>;

/// Why a placeholder cannot stand somewhere, in words: `inside double quotes`.
pub(super) type Refusal = &'static str;

pub(super) struct Lexer {
    text: Vec<char>,
    at: usize,
    pieces: Vec<Piece>,
    problems: Vec<String>,
    pub(super) is_compound: bool,
    /// Inside backquotes, where a backslash and another backquote have a meaning of their own.
    pub(super) in_backquotes: bool,
    /// A `{` that is no placeholder was said to be wrong; the `}` that belongs to it is not worth
    /// another word.
    open_mistakes: usize,
}

impl Lexer {
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: text.chars().collect(),
            at: 0,
            pieces: Vec::new(),
            problems: Vec::new(),
            is_compound: false,
            in_backquotes: false,
            open_mistakes: 0,
        }
    }

    pub(super) fn run(mut self) -> Result<Command, Vec<String>> {
        if self.text.contains(&'\0') {
            return Err(vec!["a command cannot hold a NUL character".to_owned()]);
        }
        // What stops the lexer is among the problems.
        let _: Lexed = self.commands(End::Text, None);
        if self.problems.is_empty() {
            Ok(Command {
                pieces: self.pieces,
                is_compound: self.is_compound,
            })
        } else {
            Err(self.problems)
        }
    }

    pub(super) fn problem(&mut self, message: impl Into<String>) {
        let message = message.into();
        if !self.problems.contains(&message) {
            self.problems.push(message);
        }
    }

    pub(super) fn stop<T>(&mut self, message: impl Into<String>) -> Lexed<T> {
        self.problem(message);
        Err(Stop)
    }

    /// How much was said so far.
    pub(super) fn said(&self) -> usize {
        self.problems.len()
    }

    /// Stops at the end of the text. What was said since the quote was opened took for quoted what
    /// may not be meant so.
    pub(super) fn stop_unclosed<T>(&mut self, said: usize, message: &str) -> Lexed<T> {
        self.problems.truncate(said);
        self.stop(message)
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.peek_at(0)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<char> {
        self.text.get(self.at + ahead).copied()
    }

    /// The character before the next one.
    pub(super) fn before(&self) -> Option<char> {
        self.at
            .checked_sub(1)
            .and_then(|at| self.text.get(at))
            .copied()
    }

    pub(super) fn starts_with(&self, text: &str) -> bool {
        text.chars()
            .enumerate()
            .all(|(ahead, c)| self.peek_at(ahead) == Some(c))
    }

    /// Takes so many characters as they are.
    pub(super) fn take(&mut self, count: usize) {
        for _ in 0..count {
            if let Some(c) = self.peek() {
                self.push(c);
                self.at += 1;
            }
        }
    }

    fn push(&mut self, c: char) {
        match self.pieces.last_mut() {
            Some(Piece::Text(text)) => text.push(c),
            _ => self.pieces.push(Piece::Text(c.to_string())),
        }
    }

    pub(super) fn push_piece(&mut self, piece: Piece) {
        self.pieces.push(piece);
    }

    /// A space that was not written, where none changes nothing.
    pub(super) fn push_space(&mut self) {
        self.push(' ');
    }

    /// Takes the next character; `{{` and `}}` are one brace. A placeholder is taken and returned.
    pub(super) fn take_unit(&mut self) -> Option<Unit> {
        let c = self.peek()?;
        match c {
            '{' if self.peek_at(1) == Some('{') => self.at += 1,
            '}' if self.peek_at(1) == Some('}') => self.at += 1,
            '{' => return Some(self.take_placeholder()),
            '}' if self.open_mistakes > 0 => self.open_mistakes -= 1,
            '}' => {
                self.problem("`}` without a `{` before it; a brace of the shell's is written `}}`");
            }
            _ => {}
        }
        self.take(1);
        Some(Unit::Char(c))
    }

    /// Takes one unit where no placeholder may stand.
    pub(super) fn take_refusing(&mut self, refusal: Refusal) -> Option<char> {
        match self.take_unit()? {
            Unit::Char(c) => Some(c),
            Unit::Placeholder(placeholder) => {
                self.refuse(&placeholder, refusal);
                // Whatever it stands for is neither a quote nor an operator.
                Some('_')
            }
        }
    }

    pub(super) fn refuse(&mut self, placeholder: &Placeholder, refusal: Refusal) {
        let written = &placeholder.source;
        let name = placeholder.path.last().map_or("x", String::as_str);
        self.problem(format!(
            "`{written}` stands {refusal}, but ploy quotes the value itself: move it out, or put it in a \
             shell variable first (`{name}={written}; .. \"${name}\"`)"
        ));
    }

    fn take_placeholder(&mut self) -> Unit {
        match placeholder::parse(&self.text[self.at..]) {
            Ok(placeholder) => {
                self.at += placeholder.source.chars().count();
                Unit::Placeholder(placeholder)
            }
            Err(problem) => {
                self.problem(problem);
                self.open_mistakes += 1;
                self.take(1);
                Unit::Char('{')
            }
        }
    }

    /// How many lines end before the next character.
    pub(super) fn lines_taken(&self) -> usize {
        self.text[..self.at].iter().filter(|c| **c == '\n').count()
    }

    /// Whether a placeholder begins here.
    pub(super) fn at_placeholder(&self) -> bool {
        self.peek() == Some('{')
            && self.peek_at(1) != Some('{')
            && placeholder::parse(&self.text[self.at..]).is_ok()
    }
}

pub(super) enum Unit {
    Char(char),
    Placeholder(Placeholder),
}
