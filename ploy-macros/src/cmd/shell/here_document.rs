//! Here-documents: `<<EOF`, and the lines after it.

use super::lexer::{Lexed, Lexer, Unit};

/// A here-document whose text is still to come.
pub(super) struct HereDocument {
    pub(super) delimiter: String,
    /// `<<-`: tabs before the delimiter do not count.
    strips_tabs: bool,
    /// The shell expands nothing in the text.
    is_quoted: bool,
}

impl Lexer {
    /// Takes `<<` and the delimiter.
    pub(super) fn here_document(&mut self) -> Lexed<HereDocument> {
        if self.in_backquotes {
            return self.stop("a here-document cannot stand inside backquotes: use `$(..)`");
        }
        self.is_compound = true;
        let strips_tabs = self.starts_with("<<-");
        self.take(if strips_tabs { 3 } else { 2 });
        while matches!(self.peek(), Some(' ' | '\t')) {
            self.take(1);
        }
        let mut document = HereDocument {
            delimiter: String::new(),
            strips_tabs,
            is_quoted: false,
        };
        self.delimiter(&mut document)?;
        if document.delimiter.is_empty() {
            return self.stop("`<<` has no delimiter after it");
        }
        Ok(document)
    }

    fn delimiter(&mut self, document: &mut HereDocument) -> Lexed {
        let mut quote = None;
        while let Some(c) = self.peek() {
            match (c, quote) {
                ('\n', Some(_)) | ('$' | '`' | '\\', _) => {
                    return self
                        .stop("the delimiter of a here-document is a word, or a word in quotes");
                }
                (' ' | '\t' | '\n' | ';' | '&' | '|' | '<' | '>' | '(' | ')', None) => {
                    return Ok(());
                }
                ('\'' | '"', None) => {
                    document.is_quoted = true;
                    quote = Some(c);
                    self.take(1);
                }
                (_, Some(open)) if open == c => {
                    quote = None;
                    self.take(1);
                }
                _ => match self.take_unit() {
                    Some(Unit::Placeholder(_)) => {
                        return self
                            .stop("a value cannot stand in the delimiter of a here-document");
                    }
                    Some(Unit::Char(c)) => document.delimiter.push(c),
                    None => {}
                },
            }
        }
        if quote.is_some() {
            self.stop("a quote is not closed")
        } else {
            Ok(())
        }
    }

    /// Takes the text up to and with the line that is the delimiter.
    pub(super) fn here_document_body(&mut self, document: &HereDocument) -> Lexed {
        loop {
            let line = self.here_document_line(document)?;
            let is_last = self.peek().is_none();
            let text = if document.strips_tabs {
                line.trim_start_matches('\t')
            } else {
                &line
            };
            if text == document.delimiter {
                // The newline after it is the end of an ordinary line.
                return Ok(());
            }
            if is_last {
                return self.stop(format!(
                    "the here-document `{}` is not closed",
                    document.delimiter
                ));
            }
            self.take(1);
        }
    }

    /// Takes a line up to its end. Where the delimiter is not quoted, the shell reads expansions in
    /// it, which could hide the end of the line from it.
    fn here_document_line(&mut self, document: &HereDocument) -> Lexed<String> {
        let mut line = String::new();
        while let Some(c) = self.peek().filter(|c| *c != '\n') {
            match c {
                '\\' if !document.is_quoted => {
                    if self.peek_at(1) == Some('\n') {
                        return self.stop(
                            "a line of a here-document cannot end in a backslash, \
                            unless its delimiter is quoted",
                        );
                    }
                    line.push(c);
                    self.take(1);
                    line.extend(self.take_refusing("in a here-document"));
                }
                '$' | '`' if !document.is_quoted => {
                    line.push(c);
                    let lines = self.lines_taken();
                    if c == '$' {
                        self.dollar(true)?;
                    } else {
                        self.backquotes(true)?;
                    }
                    if self.lines_taken() != lines {
                        return self.stop(
                            "an expansion in a here-document stays on one line, \
                            unless its delimiter is quoted",
                        );
                    }
                }
                _ => line.extend(self.take_refusing("in a here-document")),
            }
        }
        Ok(line)
    }
}
