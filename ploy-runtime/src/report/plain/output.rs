//! What commands put out.

use std::io::Write;

use super::super::safe;
use super::Plain;
use crate::event::Stream;

impl Plain {
    pub(super) fn output(&mut self, action: u32, command: u32, stream: Stream, bytes: &[u8]) {
        let Some(site) = self.roster.shown_site(action, |view| view.log) else {
            return;
        };
        let mut lines = std::mem::take(&mut self.lines);
        let mut shown = Shown::new(self, &site);
        lines.push(action, command, stream, bytes, |line| {
            shown.line(stream, line);
        });
        let Shown { text, .. } = shown;
        self.lines = lines;
        self.put(&text);
    }

    pub(super) fn end_command(&mut self, action: u32, command: u32) {
        let Some(site) = self.roster.shown_site(action, |view| view.log) else {
            return;
        };
        let mut lines = std::mem::take(&mut self.lines);
        let mut shown = Shown::new(self, &site);
        lines.finish(action, command, |stream, line| shown.line(stream, line));
        let Shown { text, .. } = shown;
        self.lines = lines;
        self.put(&text);
    }

    fn put(&mut self, text: &str) {
        if !text.is_empty() {
            let _ = self
                .out
                .write_all(text.as_bytes())
                .and_then(|()| self.out.flush());
        }
    }
}

/// Lines of output on their way out.
struct Shown {
    text: String,
    prefix: String,
    marks: [String; 2],
}

impl Shown {
    fn new(plain: &Plain, site: &str) -> Self {
        let palette = plain.out_palette;
        Shown {
            text: String::new(),
            prefix: plain.roster.prefix(palette, site),
            marks: [palette.faint("|"), palette.warning("!")],
        }
    }

    fn line(&mut self, stream: Stream, line: &[u8]) {
        let mark = &self.marks[usize::from(stream == Stream::Stderr)];
        self.text
            .push_str(&format!("{} {mark} {}\n", self.prefix, safe(line)));
    }
}
